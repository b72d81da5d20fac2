import { resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { type FileWatch, isOnNetwork } from './watch-file.ts';

type Backend = 'auto' | 'polling';

/**
 * Calls `onChange` whenever a file or directory at most `depth` levels below `directory` may have come, gone or been
 * replaced; also where the directory itself comes and goes. Watches directories and no files: a tree of thousands of
 * files that are always replaced by new ones costs a handful of watches. (Where it has to poll, a file that is changed
 * in place is not noticed.)
 */
export function watchTree(directory: string, depth: number, onChange: () => void): FileWatch {
  const root = resolve(directory);
  let watcher: FSWatcher | null = null;
  let backend: Backend = 'auto';
  let closed = false;

  const start = (wanted: Backend) => {
    if (closed) return;
    backend = wanted;
    const current = watch(root, {
      backend,
      depth,
      ignoreInitial: true,
      atomic: false,
      ignored: (_path, stats) => stats?.isFile() ?? false,
    });
    watcher = current;
    current.on('all', onChange);
    current.on('ready', onChange);
    current.on('raw', onChange);
    current.on('error', () => {
      if (backend === 'auto' && watcher === current) restart('polling');
    });
  };
  const restart = (next: Backend) => {
    void watcher?.close();
    start(next);
  };
  const opening = isOnNetwork(root).then((onNetwork) => start(onNetwork ? 'polling' : 'auto'));

  return {
    renew: () => void opening.then(() => restart(backend)),
    async close() {
      closed = true;
      await opening;
      await watcher?.close();
    },
  };
}
