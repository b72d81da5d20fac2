import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Calls `onName` when a path may have appeared or disappeared, according to its directory; never if the directory does not
 * exist either, or the system cannot watch. Costs almost nothing, whatever else happens in that directory. The returned
 * function stops watching. Keeps no process alive.
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
 * Tells whether a name that the system reports is that of a file as somebody wrote it. macOS and Windows ignore case. macOS
 * treats an accent as part of its letter or as a separate character, and reports one and the same file sometimes in one way
 * and sometimes in the other. (On a file system that does distinguish them, this is one hint too many.)
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
