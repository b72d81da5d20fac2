import type { CliCommand } from '../command.ts';
import { CONFIG } from '../options.ts';
import type { NotifyTestOptions } from './notify/run-notify.ts';

export const notify: CliCommand<NotifyTestOptions> = {
  name: 'notify',
  form: '[channel...]',
  argumentsAbout: { channel: 'a channel in the form that --notify takes (default: those configured)' },
  about: 'send test notifications, and report what would block them',
  notes: [
    'Exit codes: 0 if nothing would block them, else 1.',
    'docs/notifications.md describes every channel.',
  ].join('\n'),
  examples: ['taskglass notify --test', 'taskglass notify --test bell osc desktop ntfy:my-topic'],
  options: [{ flags: '--test', about: 'send a test through each channel' }, CONFIG],
  async run({ args, options, io }) {
    const { runNotify } = await import('./notify/run-notify.ts');
    return runNotify(args, options, io);
  },
};
