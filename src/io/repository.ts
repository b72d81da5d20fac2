import { lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readWhole } from './read-file.ts';

/** At most this many directories are remembered. */
const REMEMBERED = 10_000;

/** Finds the git repository that contains a directory; examines each directory once. */
export interface Repositories {
  /** Returns the repository, or null if there is none; undefined if it has not been looked up yet. */
  known(directory: string): string | null | undefined;
  /** Never rejects. */
  find(directory: string): Promise<string | null>;
}

export function createRepositories(): Repositories {
  const known = new Map<string, string | null>();
  const looking = new Map<string, Promise<string | null>>();

  async function look(directory: string): Promise<string | null> {
    const own = await repositoryAt(directory);
    const above = dirname(directory);
    const found = own ?? (above === directory ? null : await find(above));
    if (known.size >= REMEMBERED) known.clear();
    known.set(directory, found);
    looking.delete(directory);
    return found;
  }

  async function find(directory: string): Promise<string | null> {
    const found = known.get(directory);
    if (found !== undefined) return found;
    const under = looking.get(directory) ?? look(directory);
    looking.set(directory, under);
    return under;
  }

  return { known: (directory) => known.get(directory), find };
}

/**
 * Returns the repository whose checkout begins here: the directory; for a linked worktree, the main checkout's (or the bare
 * repository itself). A submodule is a repository of its own. See gitrepository-layout(5).
 */
async function repositoryAt(directory: string): Promise<string | null> {
  const dotGit = join(directory, '.git');
  const stats = await lstat(dotGit).catch(() => null);
  if (!stats) return null;
  if (!stats.isFile()) return (await lstat(join(dotGit, 'HEAD')).catch(() => null)) ? directory : null;
  const named = /^gitdir: (.+)$/mu.exec((await textOf(dotGit)) ?? '')?.[1];
  if (named === undefined) return null;
  const gitDirectory = resolve(directory, named.trim());
  const common = await textOf(join(gitDirectory, 'commondir'));
  if (common === null) return directory;
  const shared = resolve(gitDirectory, common.trim());
  return basename(shared) === '.git' ? dirname(shared) : shared;
}

async function textOf(path: string): Promise<string | null> {
  const read = await readWhole(path);
  return 'bytes' in read ? read.bytes.toString() : null;
}
