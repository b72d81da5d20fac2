import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Calls `onName` when a path may have come or gone, as its directory tells of it; never where that is not there either, or
 * the system cannot watch. Costs next to nothing, whatever else happens in that directory. The returned function ends it.
 * Keeps no process alive.
 */
export function watchName(path: string, onName: () => void): () => void {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || isSameName(name, basename(path))) onName();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}

/**
 * Tells whether a name that the system tells of is that of a file as somebody wrote it. macOS and Windows take letters of
 * either case; macOS takes an accent as part of its letter or behind it, and tells of one file now in this way, now in that.
 * (On a file system that does tell them apart this is one hint too many.)
 */
export function isSameName(
  told: string,
  written: string,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (told === written) return true;
  if (platform === 'darwin') return folded(told.normalize('NFC')) === folded(written.normalize('NFC'));
  return platform === 'win32' && folded(told) === folded(written);
}

function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}
