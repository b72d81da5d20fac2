import { type Command, CommanderError } from 'commander';
import { plainName } from '../model/text.ts';
import { EXIT, refuse } from './exit.ts';
import type { Io } from './io.ts';

/** Makes a command speak as taskglass does: help on stdout, complaints as one line on stderr, no exit of its own. */
export function speakingTo(io: Pick<Io, 'stdout' | 'stderr'>, command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text) =>
        void refuse(
          io,
          { message: plainName(`${usageText(text)}; see ${wordsOf(command)} --help`) },
          EXIT.usage,
        ),
    })
    .showSuggestionAfterError()
    .addHelpCommand(false)
    .helpOption('-h, --help', 'show this help');
}

/** Parses `argv` and runs what it asks for. Resolves with the exit code of what commander itself answered, else null. */
export async function parseArguments(command: Command, argv: readonly string[]): Promise<number | null> {
  try {
    await command.parseAsync(argv, { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

/** A command as it is typed. */
function wordsOf(command: Command): string {
  return command.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

/** Commander's `error: …` lines, as ours. */
function usageText(text: string): string {
  return text
    .trim()
    .replace(/^error: /u, '')
    .replace(/\s*\n\s*/gu, ' ')
    .replace(/\.$/u, '');
}
