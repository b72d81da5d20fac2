import { readdirSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import { createRefresh } from '../../io/refresh.ts';
import { watchDirectory } from '../../io/watch-directory.ts';
import {
  type CommandFile,
  commandsDirectoryOf,
  decodeCommandFile,
  LISTENER_TIMEOUT_MS,
} from './command-file.ts';
import { distrustOf, findTrusted, type IsTrusted, readCommandFile } from './command-trust.ts';

/** A sender withdraws its command after 3 s: a command that is older than this has lost its sender. */
const OUTDATED_MS = LISTENER_TIMEOUT_MS + 2_000;
/** The kernel's timestamps of files come from a clock that lags behind ours by up to one tick. */
const TICK_MS = 10;

/**
 * Takes the command files that are put beside a state file from now on, the oldest first: `take` acts, then the file is
 * deleted, which tells the sender that somebody listens. If `take` returns false, nothing was done, and the file is left for
 * the sender to find. Files left by a sender that died are deleted without acting on them: they were meant for an earlier run.
 * Those of a stranger (`findTrusted`) are left alone, and reported once. Does not keep the process alive.
 */
export function listenForCommands(options: {
  readonly statePath: string;
  readonly clock: Clock;
  readonly take: (command: CommandFile) => boolean;
  /** Called with the reason why commands are not taken. */
  readonly onDistrust: (words: string) => void;
}): { close(): Promise<void> } {
  const { statePath, clock, take } = options;
  const directory = resolve(commandsDirectoryOf(statePath));
  const startedAt = clock.now();
  const before = new Set(namesIn(directory));
  const acted = new Set<string>();
  const closing = new AbortController();
  const { signal } = closing;
  let hasComplained = false;

  async function takeAll(): Promise<void> {
    const found = await readdir(directory).catch(() => []);
    const names = found.filter((name) => name.endsWith('.json')).sort();
    if (names.length === 0) return;
    const isTrusted = await findTrusted(statePath);
    const distrust = await distrustOf(directory, isTrusted);
    if (distrust !== null) return complain(`${directory} ${distrust}`);
    for (const name of names) if (!signal.aborted) await takeFile(name, isTrusted);
  }

  function complain(words: string): void {
    if (!hasComplained) options.onDistrust(`${words}: its command was ignored`);
    hasComplained = true;
  }

  /** Takes a command file. One that cannot be deleted is still acted on, but only once. */
  async function takeFile(name: string, isTrusted: IsTrusted): Promise<void> {
    const path = join(directory, name);
    const found = await readCommandFile(directory, name, isTrusted);
    if (found && 'distrust' in found) return complain(`${path} ${found.distrust}`);
    const command = found && decodeCommandFile(found.text, found.modifiedAt + TICK_MS);
    if (!command || signal.aborted || acted.has(name)) return;
    if (!isOutdated(name, command) && !take(command)) return;
    acted.add(name);
    await unlink(path).then(
      () => acted.delete(name),
      () => {},
    );
  }

  /**
   * Tells whether a command is too old. No timestamp says whether it was there before us, because the clock may have been set.
   * One of the same millisecond is for us.
   */
  function isOutdated(name: string, { at }: CommandFile): boolean {
    return (before.has(name) && at !== startedAt) || clock.now() - at > OUTDATED_MS;
  }

  const looking = createRefresh({ clock, signal, read: takeAll, restAfter: () => 0 });
  const watching = watchDirectory(directory, clock, looking.soon);
  return {
    async close() {
      closing.abort();
      watching.close();
      await looking.ended();
    },
  };
}

/** Returns what is there before anybody listens; nothing if there is no such directory yet. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
