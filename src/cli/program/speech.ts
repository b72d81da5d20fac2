import { type Argument, type Command, CommanderError } from 'commander';
import type { Io } from '../../io/io.ts';
import { print, sayLines } from '../../io/print.ts';
import { plainName, plainText } from '../../model/text.ts';
import { EXIT, refuse } from '../process/exit.ts';

/** Below this many columns words are harder to read in a column than where the terminal breaks them. */
const NARROWEST_HELP = 24;

/** Makes the program, and the commands that are added to it later, use taskglass's streams without ending the process. */
export function speakingTo(io: Pick<Io, 'stdout' | 'stderr'>, program: Command): Command {
  return program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(io, plainText(text)),
      writeErr: (text) => sayLines(io, plainText(text)),
    })
    .configureHelp({ subcommandTerm, minWidthToWrap: NARROWEST_HELP })
    .showSuggestionAfterError()
    .addHelpCommand(false)
    .helpOption('-h, --help', 'show this help');
}

/** Lets a mistake in a command's arguments be explained by that command's help, not by that of all. */
export function pointToOwnHelp(command: Command, io: Pick<Io, 'stderr'>): void {
  const help = `${wordsOf(command)} --help`;
  command.configureOutput({
    outputError: (text) =>
      void refuse(io, { message: plainName(`${usageText(text)}; see ${help}`) }, EXIT.usage),
  });
}

/**
 * Parses `argv` and runs what it asks for. Resolves with the exit code of what commander itself answered, else null.
 * Its complaint is one line on stderr.
 */
export async function parseArguments(program: Command, argv: readonly string[]): Promise<number | null> {
  try {
    await program.parseAsync(argv, { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

function subcommandTerm(command: Command): string {
  return [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ');
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Returns a command as it is typed. */
function wordsOf(command: Command): string {
  return command.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

/** Turns commander's `error: …` lines into one of ours. */
function usageText(text: string): string {
  return text
    .trim()
    .replace(/^error: /u, '')
    .replace(/ but got (\d+): .*$/su, ' but got $1')
    .replace(/\s*\n\s*/gu, ' ')
    .replace(/\.$/u, '');
}
