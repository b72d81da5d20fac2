import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** The system grants a user only so many watches. */
const MOST_WATCHES = 64;

/** Watches on a set of directories that changes. */
export interface DirectoryWatches {
  /** Watches these from now on, as many as there may be, and no others; tells whether one of them was not watched before. */
  follow(directories: readonly string[]): boolean;
  close(): void;
}

/**
 * Calls `onHint` with the path of what may have come, gone or changed in one of the directories (or with the directory's
 * own, if the system does not tell the name). Only hints: where the system cannot watch, none comes. Keeps no process
 * alive.
 */
export function watchDirectories(onHint: (path: string) => void): DirectoryWatches {
  const watches = new Map<string, FSWatcher>();

  function leave(directory: string): void {
    watches.get(directory)?.close();
    watches.delete(directory);
  }

  function enter(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, (event, name) => {
        // A directory that is removed, or moved away, tells of itself by its own name; another may take its place.
        if (event === 'rename' && name !== null && directory.endsWith(`/${name}`)) leave(directory);
        onHint(name === null ? directory : join(directory, name));
      });
      watches.set(
        directory,
        watcher.on('error', () => leave(directory)),
      );
    } catch {
      // It is gone by now, or no watch is left.
    }
  }

  return {
    follow(directories) {
      const wanted = directories.slice(0, MOST_WATCHES);
      for (const directory of watches.keys()) if (!wanted.includes(directory)) leave(directory);
      const added = wanted.filter((directory) => !watches.has(directory));
      for (const directory of added) enter(directory);
      return added.some((directory) => watches.has(directory));
    },
    close() {
      for (const directory of watches.keys()) leave(directory);
    },
  };
}
