import path from 'node:path';
import { type SourceId, sourceId } from '../model/id.ts';

/** Gives sources unique ids. */
export interface FileNames {
  name(files: readonly string[]): { id: SourceId; file: string }[];
  /** Takes an id; returns whether it was free. */
  take(id: SourceId): boolean;
  /** Frees an id whose file is gone. */
  release(id: SourceId): void;
}

/**
 * Gives files short ids: the file's name, preceded by as many folders as needed to distinguish equal names, and a number if
 * names differ only in invisible characters. An id does not change once it is given, so files that are added later get
 * longer ones.
 */
export function createFileNames(): FileNames {
  const taken = new Set<SourceId>();
  const fileOf = new Map<SourceId, string>();
  /** How many of the files so far end in these folders and names. */
  const counts = new Map<string, number>();

  function take(id: SourceId): boolean {
    if (taken.has(id)) return false;
    taken.add(id);
    return true;
  }

  return {
    take,
    release(id) {
      taken.delete(id);
      for (const tail of tailsOf(fileOf.get(id) ?? '')) counts.set(tail, (counts.get(tail) ?? 1) - 1);
      fileOf.delete(id);
    },
    name(files) {
      const tails = files.map(tailsOf);
      for (const tail of tails.flat()) counts.set(tail, (counts.get(tail) ?? 0) + 1);
      return files.map((file, index) => {
        const tail = tails[index]?.find((each) => counts.get(each) === 1) ?? file;
        let id = sourceId(tail);
        for (let number = 2; !take(id); number += 1) id = sourceId(`${tail} (${number})`);
        fileOf.set(id, file);
        return { id, file };
      });
    },
  };
}

/** Returns the ends of a path, shortest first: `c`, `b/c`, `a/b/c`. */
function tailsOf(file: string): string[] {
  const parts = file.split(path.sep).filter(Boolean);
  return parts.map((_, index) => parts.slice(parts.length - 1 - index).join('/'));
}
