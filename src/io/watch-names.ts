import { type FSWatcher, watch } from 'node:fs';

/** Watches on the names in many directories. */
export interface NameWatches {
  /** Watches a directory; anew if it was watched, because another one may be in its place. */
  add(directory: string): void;
  /** Whether there is a directory that the system does not watch for us, or one too many. */
  readonly isPartial: boolean;
  close(): void;
}

/** A system has some thousands of watches for all programs of a user together. */
const WATCH_LIMIT = 1_000;

/**
 * Calls `onName` for each name in a watched directory that comes, goes (`comesOrGoes`) or whose file is written. The name
 * is null if the system does not tell it. One watch a directory, however many files are in it. Keeps no process alive.
 */
export function watchNames(
  onName: (directory: string, name: string | null, comesOrGoes: boolean) => void,
): NameWatches {
  const watches = new Map<string, FSWatcher>();
  let isPartial = false;

  function open(directory: string): FSWatcher | null {
    try {
      return watch(directory, { persistent: false }, (event, name) =>
        onName(directory, name, event === 'rename'),
      );
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // One that is gone already needs no watch.
      if (code !== 'ENOENT' && code !== 'ENOTDIR') isPartial = true;
      return null;
    }
  }

  return {
    add(directory) {
      watches.get(directory)?.close();
      watches.delete(directory);
      if (watches.size >= WATCH_LIMIT) isPartial = true;
      const watcher = watches.size >= WATCH_LIMIT ? null : open(directory);
      if (!watcher) return;
      watches.set(directory, watcher);
      watcher.on('error', () => {
        watcher.close();
        if (watches.get(directory) === watcher) watches.delete(directory);
      });
    },
    get isPartial() {
      return isPartial;
    },
    close() {
      for (const watcher of watches.values()) watcher.close();
      watches.clear();
    },
  };
}
