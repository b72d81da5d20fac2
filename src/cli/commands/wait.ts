import { TASK_STATUSES } from '../../model/task.ts';
import type { CliCommand } from '../command.ts';
import { ANNOTATIONS, SESSION_OPTIONS, WAIT } from '../options.ts';
import type { WaitOptions } from './wait/run-wait.ts';

export const wait: CliCommand<WaitOptions> = {
  name: 'wait',
  form: '[id-or-source...]',
  argumentsAbout: { 'id-or-source': 'the id or name of a task, or a source to look in' },
  about: 'wait until tasks end',
  notes: [
    'Exit codes: 0 all completed, 4 one failed, 5 one was cancelled, 124 the time is up,',
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
    { flags: '--timeout <s>', about: 'wait at most this many seconds', hasVariable: true },
    { flags: '--any', about: 'wait only for the first of them' },
    {
      flags: '--until <statuses>',
      about: 'wait until they have one of these statuses, or end: running,needs-input,…',
      takes: [{ words: TASK_STATUSES }],
    },
    ANNOTATIONS,
  ],
  async run({ args, options, io }) {
    const { runWait } = await import('./wait/run-wait.ts');
    return runWait(args, options, io);
  },
};
