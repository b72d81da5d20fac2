import { Command } from 'commander';
import type { Io } from '../io/io.ts';
import type { CommandGroups } from './command.ts';
import { view } from './commands/view.ts';
import { COMMANDS } from './commands.ts';
import { EXIT } from './process/exit.ts';
import { addCommands, type Caller, describeCommand } from './program/add-command.ts';
import { parseArguments, speakingTo } from './program/speech.ts';

/**
 * Reads the command line, runs the command, and resolves with the exit code. A command's code is loaded only when it runs.
 */
export async function runProgram(
  argv: readonly string[],
  io: Io,
  commands: CommandGroups = COMMANDS,
): Promise<number> {
  let code: number = EXIT.ok;
  const all = Object.values(commands).flat();
  const shown = all.filter(({ isHidden }) => !isHidden);
  const caller: Caller = {
    io,
    program: {
      commandNames: shown.map(({ name }) => name),
      commands: all,
      run: (other) => runProgram(other, io, commands),
    },
    finish: (result) => {
      code = result;
    },
  };
  return (await parseArguments(createProgram(commands, caller, argv[0]), argv)) ?? code;
}

/** Leaves out the options of the view if the first word is a command, because they have to precede it. */
function createProgram(commands: CommandGroups, caller: Caller, word: string | undefined): Command {
  const program = speakingTo(caller.io, new Command(view.name))
    .enablePositionalOptions()
    .argument(view.form ?? '');
  if (!caller.program.commands.some(({ name }) => name === word)) describeCommand(program, view, caller);
  addCommands(program, commands, caller);
  return program;
}
