import { readdirSync } from 'node:fs';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import { readWhole } from '../read-file.ts';
import { watchDirectory } from '../watch-directory.ts';
import {
  type CommandFile,
  commandsDirectoryOf,
  decodeCommandFile,
  LISTENER_TIMEOUT_MS,
} from './command-file.ts';

/** No command file is longer; what is, is none. */
const COMMAND_LIMIT_BYTES = 64 * 1024;
/** Its sender takes a command back after 3 s: one that is older than this has lost its sender. */
const OUTDATED_MS = LISTENER_TIMEOUT_MS + 2_000;
/** The kernel stamps files by a clock of ticks, which lags behind ours by up to one. */
const TICK_MS = 10;

/**
 * Takes the command files that are put beside a state file from now on, the oldest first: `take` acts, then the file is
 * deleted, which tells the sender that somebody listens. Where `take` returns false nothing was done, and the file is
 * left for the sender to find. Those that a sender who died left behind are deleted, and not acted on: they were meant
 * for an earlier run. Keeps no process alive.
 */
export function listenForCommands(
  statePath: string,
  clock: Clock,
  take: (command: CommandFile) => boolean,
): { close(): Promise<void> } {
  const directory = resolve(commandsDirectoryOf(statePath));
  const startedAt = clock.now();
  const before = new Set(namesIn(directory));
  const acted = new Set<string>();
  let isDue = false;
  let looking: Promise<void> | null = null;
  let isClosed = false;

  function lookSoon(): void {
    isDue = true;
    looking ??= look();
  }

  async function look(): Promise<void> {
    while (isDue && !isClosed) {
      isDue = false;
      const names = await readdir(directory).catch(() => []);
      for (const name of names.filter((name) => name.endsWith('.json')).sort()) {
        if (!isClosed) await takeFile(name);
      }
    }
    looking = null;
  }

  /** A file that cannot be deleted is acted on once all the same. */
  async function takeFile(name: string): Promise<void> {
    const path = join(directory, name);
    const command = await readCommand(path);
    if (!command || isClosed || acted.has(name)) return;
    if (!isOutdated(name, command) && !take(command)) return;
    acted.add(name);
    await unlink(path).then(
      () => acted.delete(name),
      () => {},
    );
  }

  /** No stamp says whether it lay there before: the clock may have been set. Of the same millisecond, it is for us. */
  function isOutdated(name: string, { at }: CommandFile): boolean {
    return (before.has(name) && at !== startedAt) || clock.now() - at > OUTDATED_MS;
  }

  const watching = watchDirectory(directory, clock, lookSoon);
  return {
    async close() {
      isClosed = true;
      watching.close();
      await looking;
    },
  };
}

/** What lies there before anybody listens; nothing where there is no such directory yet. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Looks before it reads: anybody may have put a pipe there, or a link to a device that never ends. */
async function readCommand(path: string): Promise<CommandFile | null> {
  const stats = await lstat(path).catch(() => null);
  if (!stats?.isFile() || stats.size > COMMAND_LIMIT_BYTES) return null;
  const found = await readWhole(path);
  return 'bytes' in found ? decodeCommandFile(found.bytes.toString(), found.modifiedAt + TICK_MS) : null;
}
