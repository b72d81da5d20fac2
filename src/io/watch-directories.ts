import { type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';

/** The system grants a user only so many watches. */
const MOST_WATCHES = 64;

/** Watches on a set of directories that changes. */
export interface DirectoryWatches {
  /**
   * Watches these from now on, as many as there may be, and no others. Returns which are watched only now, so that what came
   * before has yet to be looked at, and which are not: they are not there, or there are too many.
   */
  follow(directories: readonly string[]): {
    readonly opened: readonly string[];
    readonly failed: readonly string[];
  };
  /** Watches a directory anew, if it is watched: another one may be in its place. */
  renew(directory: string): void;
  close(): void;
}

/**
 * Calls `onHint` with the path of what may have come, gone or changed in one of the directories (or with the directory's
 * own, if the system does not tell the name). Only hints: where the system cannot watch, none comes. Keeps no process
 * alive.
 */
export function watchDirectories(
  onHint: (path: string) => void,
  mostWatches = MOST_WATCHES,
): DirectoryWatches {
  const watches = new Map<string, FSWatcher>();
  let isClosed = false;

  function leave(directory: string): void {
    watches.get(directory)?.close();
    watches.delete(directory);
  }

  function enter(directory: string): void {
    if (isClosed) return;
    try {
      const watcher = watch(directory, { persistent: false }, (event, name) => {
        if (watches.get(directory) !== watcher) return;
        // A directory that is removed, or moved away, tells of itself by its own name; another may take its place.
        if (event === 'rename' && name !== null && basename(directory) === name) leave(directory);
        onHint(name === null ? directory : join(directory, name));
      });
      watches.set(
        directory,
        watcher.on('error', () => {
          if (watches.get(directory) === watcher) leave(directory);
        }),
      );
    } catch {
      // It is gone by now, or no watch is left.
    }
  }

  return {
    follow(directories) {
      const wanted = new Set(directories.slice(0, mostWatches));
      for (const directory of [...watches.keys()]) if (!wanted.has(directory)) leave(directory);
      const added = [...wanted].filter((directory) => !watches.has(directory));
      for (const directory of added) enter(directory);
      return {
        opened: added.filter((directory) => watches.has(directory)),
        failed: directories.filter((directory) => !watches.has(directory)),
      };
    },
    renew(directory) {
      if (!watches.has(directory)) return;
      leave(directory);
      enter(directory);
    },
    close() {
      isClosed = true;
      for (const directory of [...watches.keys()]) leave(directory);
    },
  };
}
