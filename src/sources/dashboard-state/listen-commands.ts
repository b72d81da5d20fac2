import { readdir, readFile, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { watch } from 'chokidar';
import { type CommandFile, commandsDirectoryOf, decodeCommandFile } from './command-file.ts';

/** No command file is longer; what is, is none. */
const COMMAND_LIMIT_BYTES = 64 * 1024;

/**
 * Takes the command files that are put beside a state file, the oldest first: `take` acts, then the file is deleted,
 * which tells the sender that somebody listens. Where `take` returns false nothing was done, and the file is left for
 * the sender to find. Keeps no process alive.
 */
export function listenForCommands(
  statePath: string,
  take: (command: CommandFile) => boolean,
): { close(): Promise<void> } {
  const directory = resolve(commandsDirectoryOf(statePath));
  const watcher = watch(directory, {
    persistent: false,
    ignoreInitial: true,
    atomic: false,
    ignored: (path) => path !== directory && dirname(path) !== directory,
  });
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
      for (const name of names.filter((name) => name.endsWith('.json')).sort()) await takeFile(name);
    }
    looking = null;
  }

  /** A file that cannot be deleted is acted on once all the same. */
  async function takeFile(name: string): Promise<void> {
    const path = join(directory, name);
    const text = await readFile(path, 'utf8').catch(() => '');
    const command = text.length > COMMAND_LIMIT_BYTES ? null : decodeCommandFile(text);
    if (!command || isClosed || acted.has(name) || !take(command)) return;
    acted.add(name);
    await unlink(path).then(
      () => acted.delete(name),
      () => {},
    );
  }

  watcher.on('all', lookSoon).on('ready', lookSoon).on('raw', lookSoon);
  watcher.on('error', () => {});
  return {
    async close() {
      isClosed = true;
      await watcher.close();
      await looking;
    },
  };
}
