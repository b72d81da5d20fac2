import type { CliCommand } from '../command.ts';
import { SESSION_OPTIONS, WAIT } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';

export const send: CliCommand<CommandOptions> = {
  name: 'send',
  form: '<command> <id> [text-or-source...]',
  argumentsAbout: {
    command: 'cancel, retry or answer',
    id: 'the id or name of the task',
    'text-or-source': 'a source to look in; with answer, preceded by the text or the number of a choice',
  },
  argumentsTake: { command: [{ words: ['cancel', 'retry', 'answer'] }] },
  about: 'cancel or retry a task, or answer its question',
  notes:
    'Exit codes: 0 when the source reports the change, 1 if it does not within 10 s,\n' +
    'or within 20 s if it has said that it is stopping the task.',
  examples: [
    'taskglass send cancel nightly-report',
    'taskglass send retry T7 task-breakdown.json',
    'taskglass send answer T3 "Use the blue one"',
  ],
  options: [...SESSION_OPTIONS, WAIT],
  async run({ args: [command = '', id = '', ...rest], options, io }) {
    const { runSend } = await import('./send/run-send.ts');
    return runSend(command, id, rest, options, io);
  },
};
