import { type FileWatch, watchFile } from './watch-file.ts';

/** Watches a changing set of files. */
export interface OtherWatches {
  /** Watches these files from now on, and no others. */
  watch(paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Calls `onChange` whenever one of the watched files may have changed. */
export function watchOthers(onChange: () => void): OtherWatches {
  const watches = new Map<string, FileWatch>();

  async function watch(paths: readonly string[]): Promise<void> {
    for (const [path, { close }] of watches) {
      if (paths.includes(path)) continue;
      watches.delete(path);
      await close();
    }
    for (const path of paths) if (!watches.has(path)) watches.set(path, watchFile(path, onChange));
  }

  return { watch, close: () => watch([]) };
}
