import type { CliCommand } from '../command.ts';
import { SESSION_OPTIONS, WAIT } from '../options.ts';
import type { WaitOptions } from './wait/run-wait.ts';

export const wait: CliCommand<WaitOptions> = {
  name: 'wait',
  form: '[id-or-source...]',
  argumentsAbout: { 'id-or-source': 'ids or names of tasks, and where to look for them' },
  about: 'wait until tasks end',
  notes: [
    'Exit codes: 0 all completed, 4 one failed, 5 one was cancelled, 124 time is up,',
    '7 one needs input (with --until needs-input). With --any, about the first one.',
  ].join('\n'),
  examples: [
    'taskglass wait state.json && echo all done',
    'taskglass wait nightly-report --timeout 3600',
    'taskglass wait build tests --any',
    'taskglass wait --until needs-input,completed',
  ],
  options: [
    ...SESSION_OPTIONS,
    WAIT,
    { flags: '--timeout <s>', about: 'wait at most this many seconds' },
    { flags: '--any', about: 'wait for the first of them only' },
    {
      flags: '--until <statuses>',
      about: 'wait until they have one of these statuses, or end: running,needs-input,…',
    },
  ],
  async run({ args, options, io }) {
    const { runWait } = await import('./wait/run-wait.ts');
    return runWait(args, options, io);
  },
};
