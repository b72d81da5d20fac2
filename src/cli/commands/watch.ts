import type { CliCommand } from '../command.ts';
import { FILTER, NOTIFY_OPTIONS, SESSION_OPTIONS, STALL_AFTER } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';

export const watch: CliCommand<CommandOptions> = {
  name: 'watch',
  form: '[source...]',
  about: 'notify you when a task needs you, without showing a view',
  notes: [
    'Notifies as configured or as --notify says until it is stopped; prints one line',
    'for each notification. docs/notifications.md has a systemd unit.',
  ].join('\n'),
  examples: [
    'taskglass watch --notify ntfy:my-topic',
    "taskglass watch state.json --notify 'exec:mail-me=failed,needs-input'",
  ],
  options: [...SESSION_OPTIONS, ...NOTIFY_OPTIONS, STALL_AFTER, FILTER],
  async run({ args, options, io }) {
    const { runWatch } = await import('./watch/run-watch.ts');
    return runWatch(args, options, io);
  },
};
