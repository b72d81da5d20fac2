import type { CliCommand } from '../command.ts';
import { SESSION_OPTIONS, WAIT } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';

export const send: CliCommand<CommandOptions> = {
  name: 'send',
  form: '<command> <id> [source...]',
  argumentsAbout: { command: 'cancel or retry', id: 'the id of the task', source: 'where to look for it' },
  about: 'cancel or retry a task',
  notes:
    'Exit codes: 0 when the source reports the change, 1 if it does not within 10 s;\n' +
    'within 20 s, if it has said by then that it stops the task.',
  examples: ['taskglass send cancel nightly-report', 'taskglass send retry T7 task-breakdown.json'],
  options: [...SESSION_OPTIONS, WAIT],
  async run({ args: [command = '', id = '', ...sources], options, io }) {
    const { runSend } = await import('./send/run-send.ts');
    return runSend(command, id, sources, options, io);
  },
};
