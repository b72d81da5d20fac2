import { didYouMean } from '../../model/nearest.ts';
import { problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import type { CliCommand } from '../command.ts';
import { EXIT, refuse } from '../process/exit.ts';

export const help: CliCommand = {
  name: 'help',
  form: '[command...]',
  argumentsTake: { command: ['command'] },
  about: 'show the help of a command',
  examples: ['taskglass help run', 'taskglass help ledger list-tasks'],
  async run({ args, io, program }) {
    const [command] = args;
    if (command !== undefined && !program.commandNames.includes(command))
      return refuse(io, unknownCommand(command, program.commandNames), EXIT.usage);
    return program.run([...args, '--help']);
  },
};

function unknownCommand(word: string, names: readonly string[]) {
  const hint = didYouMean(word, names) ?? words`taskglass help lists them`;
  return problem('malformed', 'down', plainName(`help: there is no command ${word}`), hint);
}
