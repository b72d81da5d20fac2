import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isRunning } from './is-running.ts';

/** No more files than this are followed, plus as many older ones that still run. */
const FILE_LIMIT = 200;

/**
 * Returns a function that tells which state files of a directory to follow: all of them, or the newest and those of the older
 * ones that still run. A day of short jobs leaves thousands, with a long one among them. While the names are those of the last
 * call, so is the choice.
 */
export function createFileChoice(directory: string): () => Promise<ReadonlySet<string>> {
  let namesBefore: readonly string[] = [];
  let chosen: ReadonlySet<string> = new Set();
  /** When the older files were last changed (epoch ms), and whether they were running. */
  const older = new Map<string, { readonly modifiedAt: number; readonly isRunning: boolean }>();

  async function choose(files: readonly string[]): Promise<ReadonlySet<string>> {
    if (files.length <= FILE_LIMIT) return new Set(files);
    const dated = await Promise.all(
      files.map(async (file) => ({ file, modifiedAt: await modifiedAtOf(file) })),
    );
    dated.sort((a, b) => b.modifiedAt - a.modifiedAt);
    const running: string[] = [];
    for (const { file, modifiedAt } of dated.slice(FILE_LIMIT)) {
      if (older.get(file)?.modifiedAt !== modifiedAt)
        older.set(file, { modifiedAt, isRunning: await isRunning(file) });
      if (older.get(file)?.isRunning) running.push(file);
    }
    const newest = dated.slice(0, FILE_LIMIT).map(({ file }) => file);
    return new Set([...newest, ...running.slice(0, FILE_LIMIT)]);
  }

  return async () => {
    const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.json'));
    if (names.length === namesBefore.length && names.every((name, at) => name === namesBefore[at]))
      return chosen;
    namesBefore = names;
    const files = names.map((name) => path.join(directory, name));
    const there = new Set(files);
    for (const file of older.keys()) if (!there.has(file)) older.delete(file);
    chosen = await choose(files);
    return chosen;
  };
}

async function modifiedAtOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.mtimeMs ?? 0;
}
