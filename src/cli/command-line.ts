import { type Argument, type Command, CommanderError } from 'commander';
import type { Io } from '../io/io.ts';
import { type Problem, problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import { EXIT, refuse } from './process/exit.ts';

/** Below this many columns words are harder to read in a column than where the terminal breaks them. */
const NARROWEST_HELP = 24;

/** Makes a command, and those added to it later, speak as taskglass does: on its own streams, without ending the process. */
export function speakingTo(io: Pick<Io, 'stdout' | 'stderr'>, command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    })
    .configureHelp({ subcommandTerm, minWidthToWrap: NARROWEST_HELP })
    .showSuggestionAfterError()
    .addHelpCommand(false)
    .helpOption('-h, --help', 'show this help');
}

/**
 * Parses `argv` and runs what it asks for. Resolves with the exit code of what commander itself answered, else null.
 * What it complains of is one line on stderr.
 */
export async function parseArguments(
  command: Command,
  argv: readonly string[],
  io: Pick<Io, 'stderr'>,
): Promise<number | null> {
  pointToOwnHelp(command, io);
  try {
    await command.parseAsync(argv, { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

/** What is said where a command has verbs, and `word` is none of them or missing. */
export function noVerb(command: string, word: string | undefined, verbs: string): Problem {
  const what = word === undefined ? 'no verb' : `${word} is no verb`;
  return problem('malformed', 'down', plainName(`${command}: ${what}`), plainName(verbs));
}

function subcommandTerm(command: Command): string {
  return [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ');
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** A mistake in a command's arguments is explained by that command's help, not by that of all. */
function pointToOwnHelp(command: Command, io: Pick<Io, 'stderr'>): void {
  const help = `${wordsOf(command)} --help`;
  command.configureOutput({
    outputError: (text) =>
      void refuse(io, { message: plainName(`${usageText(text)}; see ${help}`) }, EXIT.usage),
  });
  for (const each of command.commands) pointToOwnHelp(each, io);
}

/** A command as it is typed. */
function wordsOf(command: Command): string {
  return command.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

/** Commander's `error: …` lines, as ours; without arguments that nobody expected, which may be secrets (`key import …`). */
function usageText(text: string): string {
  return text
    .trim()
    .replace(/^error: /u, '')
    .replace(/ but got (\d+): .*$/su, ' but got $1')
    .replace(/\s*\n\s*/gu, ' ')
    .replace(/\.$/u, '');
}
