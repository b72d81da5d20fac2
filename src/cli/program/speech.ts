import { type Command, CommanderError } from 'commander';
import type { Io } from '../../io/io.ts';
import { print, sayLines } from '../../io/print.ts';
import { plainName, plainText } from '../../model/text.ts';
import { pageWidth } from '../process/appearance.ts';
import { EXIT, refuse } from '../process/exit.ts';
import { wrapped } from './wrap.ts';

/** Below this width, words in a column are harder to read than lines that the terminal wraps. */
const NARROWEST_HELP = 24;
/** In longer lines, the eye loses the next line. */
const WIDEST_HELP = 100;

/** Returns the width of the help. */
export function helpWidth(io: Pick<Io, 'stdout' | 'env'>): number {
  return Math.min(pageWidth(io), WIDEST_HELP);
}

/** Makes the program, and commands that are added to it later, write to taskglass's streams and not end the process. */
export function speakingTo(io: Pick<Io, 'stdout' | 'stderr' | 'env'>, program: Command): Command {
  const width = helpWidth(io);
  return program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(io, plainText(text)),
      writeErr: (text) => sayLines(io, plainText(text)),
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    })
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      commandUsage: (command) => usageLines(command, width),
      boxWrap: (text, columns) => (columns < NARROWEST_HELP ? text : wrapped(text, columns).join('\n')),
      minWidthToWrap: NARROWEST_HELP,
    })
    .showSuggestionAfterError()
    .addHelpCommand(false)
    .helpOption('-h, --help', 'show this help');
}

const USAGE = 'Usage: ';

/** Returns how a command is typed, broken between its parts, which are then aligned. */
function usageLines(command: Command, width: number): string {
  const lines = command
    .usage()
    .split('\n')
    .map((line) => line.trim());
  const first = [wordsOf(command), lines[0]].join(' ').trim();
  const room = Math.max(NARROWEST_HELP, width - USAGE.length);
  const parts = [first, ...lines.slice(1)].flatMap((line) =>
    wrapped(line, room).map((part, at) => (at === 0 ? part : `  ${part}`)),
  );
  return parts.join(`\n${' '.repeat(USAGE.length)}`);
}

/** Makes a mistake in a command's arguments refer to that command's help, not to that of the program. */
export function pointToOwnHelp(command: Command, io: Pick<Io, 'stderr'>): void {
  const help = `${wordsOf(command)} --help`;
  command.configureOutput({
    outputError: (text) =>
      void refuse(io, { message: plainName(`${usageText(text)}; see ${help}`) }, EXIT.usage),
  });
}

/**
 * Parses `argv` and runs the command. Resolves with the exit code if commander itself answered, otherwise with null. Its
 * complaint is one line on stderr.
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

/** Returns a command's full name as it is typed. */
function wordsOf(command: Command): string {
  return command.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

/** Turns commander's `error: …` lines into a single line of ours. */
function usageText(text: string): string {
  return text
    .trim()
    .replace(/^error: /u, '')
    .replace(/ but got (\d+): .*$/su, ' but got $1')
    .replace(/\s*\n\s*/gu, ' ')
    .replace(/\.$/u, '');
}
