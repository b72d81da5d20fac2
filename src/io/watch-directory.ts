import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import { isSameName } from './watch-name.ts';

/** How long a change may go unnoticed if the system does not report it, as on a network file system or without watches. */
const LOOK_EVERY_MS = 1_000;

/**
 * Calls `onChange` whenever the names in a directory may have changed, even if it is only created, or created again, later;
 * and once a second. A call is a hint. Keeps no process alive unless `clock` does.
 *
 * Not with chokidar: if the directory does not exist, chokidar checks each file beside it whenever one of them changes, and
 * beside a commands directory a state file changes ten times a second.
 */
export function watchDirectory(directory: string, clock: Clock, onChange: () => void): { close(): void } {
  let inside: FSWatcher | null = null;
  let beside: FSWatcher | null = null;
  let stopTimer = () => {};

  function open(path: string, onName: (name: string | null) => void): FSWatcher | null {
    try {
      const watcher = watch(path, { persistent: false }, (_event, name) => onName(name));
      return watcher.on('error', () => watcher.close());
    } catch {
      return null;
    }
  }

  /**
   * Watches the directory that exists now. If it was created again, it is a different one, and the watch on the old one
   * reports nothing more.
   */
  function openInside(): void {
    inside?.close();
    inside = open(directory, onChange);
  }

  function look(): void {
    beside ??= open(dirname(directory), (name) => {
      if (name !== null && !isSameName(name, basename(directory))) return;
      openInside();
      onChange();
    });
    if (!inside) openInside();
    onChange();
    stopTimer = clock.after(LOOK_EVERY_MS, look);
  }
  look();

  return {
    close() {
      stopTimer();
      inside?.close();
      beside?.close();
    },
  };
}
