import { countOf, type Found } from '../found.ts';

/** A regular file that a process has opened for reading only. */
export interface OpenFile {
  /** Tells one opening of a file from another: the process, the descriptor, the path. */
  readonly key: string;
  readonly name: string;
  /** How far it has been read, and its length, in bytes. */
  readonly position: number;
  readonly size: number;
}

/** A smaller file has been read before anyone looks, so it says nothing about the work. */
export const LEAST_BYTES = 1024 * 1024;

/**
 * Creates a function that tells, from one look to the next, how far the largest file has been read from beginning to end. A
 * file whose position goes back is read at random, so it says nothing.
 */
export function createPositionReader(): (files: readonly OpenFile[]) => Found | null {
  let before = new Map<string, number>();
  const isAtRandom = new Set<string>();
  let chosen: string | null = null;

  return (files) => {
    const large = files.filter(({ size, position }) => size >= LEAST_BYTES && position <= size);
    for (const { key, position } of large) if (position < (before.get(key) ?? 0)) isAtRandom.add(key);
    const moving = large
      .filter(({ key }) => !isAtRandom.has(key))
      .filter(({ key, position }) => position > (before.get(key) ?? position) || key === chosen)
      .sort((a, b) => b.size - a.size);
    before = new Map(large.map(({ key, position }) => [key, position]));
    const file = moving.find(({ key }) => key === chosen) ?? moving[0];
    chosen = file?.key ?? null;
    return file ? countOf(file.position, file.size, file.name.toLowerCase()) : null;
  };
}
