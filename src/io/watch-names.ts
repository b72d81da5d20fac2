import { type FSWatcher, watch } from 'node:fs';

/** Watches the names in many directories. */
export interface NameWatches {
  /** Watches a directory, again if it was already watched, because another one may have taken its place. */
  add(directory: string): void;
  /** Whether there are directories that the system does not watch for us, or too many of them. */
  readonly isPartial: boolean;
  close(): void;
}

/** A system has a few thousand watches for all programs of a user together. */
const WATCH_LIMIT = 1_000;

/**
 * Calls `onName` for each name in a watched directory that appears or disappears (`comesOrGoes`), or whose file is written.
 * The name is null if the system does not tell it. Uses one watch for each directory, however many files it contains. Keeps
 * no process alive.
 */
export function watchNames(
  onName: (directory: string, name: string | null, comesOrGoes: boolean) => void,
  /** Is called once when a directory turns out not to be watched by the system, which may happen only later. */
  onPartial: () => void = () => {},
): NameWatches {
  const watches = new Map<string, FSWatcher>();
  let isPartial = false;

  function open(directory: string): FSWatcher | null {
    try {
      return watch(directory, { persistent: false }, (event, name) =>
        onName(directory, name, event === 'rename'),
      );
    } catch (error) {
      noteRefusal(error);
      return null;
    }
  }

  function noteRefusal(error: unknown): void {
    const { code } = error as NodeJS.ErrnoException;
    // A directory that is already gone needs no watch.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') notePartial();
  }

  function notePartial(): void {
    if (isPartial) return;
    isPartial = true;
    onPartial();
  }

  return {
    add(directory) {
      watches.get(directory)?.close();
      watches.delete(directory);
      if (watches.size >= WATCH_LIMIT) notePartial();
      const watcher = watches.size >= WATCH_LIMIT ? null : open(directory);
      if (!watcher) return;
      watches.set(directory, watcher);
      watcher.on('error', (error) => {
        watcher.close();
        if (watches.get(directory) !== watcher) return;
        watches.delete(directory);
        noteRefusal(error); // macOS refuses only later, and then all of them
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
