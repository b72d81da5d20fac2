import type { CliCommand } from '../command.ts';
import { SESSION_OPTIONS, WAIT } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';

export const wait: CliCommand<CommandOptions & { readonly timeout?: string }> = {
  name: 'wait',
  form: '[id-or-source...]',
  about: 'wait until tasks end',
  notes: 'Exit codes: 0 all completed, 4 one failed, 5 one was cancelled, 124 time is up.',
  examples: ['taskglass wait state.json && echo all done', 'taskglass wait nightly-report --timeout 3600'],
  options: [...SESSION_OPTIONS, WAIT, { flags: '--timeout <s>', about: 'wait at most this many seconds' }],
  async run({ args, options, io }) {
    const { runWait } = await import('./wait/run-wait.ts');
    return runWait(args, options, io);
  },
};
