import { type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';

/** The system grants each user a limited number of watches. */
const MOST_WATCHES = 64;

/** Watches a changing set of directories. */
export interface DirectoryWatches {
  /**
   * Watches these directories from now on, as many as allowed, and no others. Returns which ones are newly watched, so that
   * earlier changes have yet to be looked for, and which are not watched, because they do not exist or are too many.
   */
  follow(directories: readonly string[]): {
    readonly opened: readonly string[];
    readonly failed: readonly string[];
  };
  /** Watches a directory again if it is watched, because another one may have taken its place. */
  renew(directory: string): void;
  close(): void;
}

/**
 * Calls `onHint` with the path of anything that may have appeared, disappeared or changed in one of the directories; with
 * the directory's own path if the system does not tell the name. These are only hints: if the system cannot watch, none
 * comes. Keeps no process alive.
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
        // A directory that is removed, or moved away, reports its own name; another may take its place.
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
      // It is already gone, or there are no watches left.
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
