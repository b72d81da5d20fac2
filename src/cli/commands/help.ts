import { nearestWords } from '../../model/nearest.ts';
import { problem } from '../../model/problem.ts';
import { joined, plainName, words } from '../../model/text.ts';
import type { CliCommand } from '../command.ts';
import { EXIT, refuse } from '../process/exit.ts';

export const help: CliCommand = {
  name: 'help',
  form: '[command...]',
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
  const nearest = nearestWords(word, names);
  const hint =
    nearest.length > 0
      ? words`did you mean ${joined(nearest.map(plainName), ', ')}?`
      : words`taskglass help lists them`;
  return problem('malformed', 'down', plainName(`help: there is no command ${word}`), hint);
}
