import { sleep } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { printData } from '../../../io/print.ts';
import type { CliCommand } from '../../command.ts';
import { EXIT } from '../../process/exit.ts';
import { findAsked } from './asked.ts';
import { bashReplies, fishReplies, zshReplies } from './shell-replies.ts';
import { readTypedLine, unquoted } from './typed-line.ts';
import { filesFor, type Values, valuesFor } from './values.ts';

/** A person is waiting, so whatever takes longer is not offered. */
const LIMIT_MS = 800;

/** The program to complete, and where somebody types it. */
interface Shown {
  readonly view: CliCommand;
  readonly commands: readonly CliCommand[];
  readonly io: Io;
}

/**
 * Answers one of our completion functions, called as `bash LINE REPLACED`, or as `zsh` or `fish` followed by the words
 * before the one that is being typed and that word. Prints a line for each candidate. Resolves with the exit code.
 */
export async function runComplete(
  shell: string,
  words: readonly string[],
  { view, commands, io }: Shown,
): Promise<number> {
  const lines =
    shell === 'bash'
      ? await forBash(words, { view, commands, io })
      : await forOthers(shell, words, { view, commands, io });
  if (lines.length > 0) printData(io, lines.join('\n'));
  return EXIT.ok;
}

async function forBash([line = '', replaced = '']: readonly string[], shown: Shown): Promise<string[]> {
  const { words, current } = readTypedLine(line);
  const asked = await findAsked(shown.view, shown.commands, words.slice(1), current.text);
  if (asked.commandAt !== null) return [`\tcommand ${asked.commandAt + 1}`];
  const { candidates, besides } = await inTime(valuesFor(asked, shown.io), shown.io);
  const files = await filesFor(besides, asked.typed, shown.io);
  const named = files.map((file) => ({ ...file, value: `${asked.before}${file.value}` }));
  return bashReplies([...candidates, ...named], current.raw, replaced);
}

async function forOthers(shell: string, words: readonly string[], shown: Shown): Promise<string[]> {
  const before = words.slice(0, -1);
  const current = unquoted(words.at(-1) ?? '').text;
  const asked = await findAsked(shown.view, shown.commands, before, current);
  const { candidates, besides } = await inTime(valuesFor(asked, shown.io), shown.io);
  const replies = shell === 'zsh' ? zshReplies : fishReplies;
  // After `--config=`, a shell would look for a file whose name begins with that.
  const isOurs = besides !== null && asked.before !== '';
  const files = isOurs ? await filesFor(besides, asked.typed, shown.io) : [];
  const named = files.map((file) => ({ ...file, value: `${asked.before}${file.value}` }));
  return replies([...candidates, ...named], isOurs ? null : besides, asked.commandAt);
}

async function inTime(values: Promise<Values>, { clock, signal }: Io): Promise<Values> {
  const over = new AbortController();
  const none: Values = { candidates: [], besides: null };
  try {
    return await Promise.race([
      values.catch(() => none),
      sleep(clock, LIMIT_MS, AbortSignal.any([signal, over.signal])).then(() => none),
    ]);
  } finally {
    over.abort();
  }
}
