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
      if (name === null || name === basename(path)) onName();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
