import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Io } from '../../../io/io.ts';
import { isNameable } from '../../../sources/open/file-names.ts';
import { placeFrom } from '../../../storage/home.ts';
import type { Candidate } from './shell-replies.ts';

/** At most this many are offered. */
const MOST_NAMES = 1_000;

/** Decides which files are offered. Directories always are, because they lead to files. */
export type PathFilter = (name: string) => boolean;

export const anyFile: PathFilter = () => true;
export const noFile: PathFilter = () => false;
/** Accepts files whose name suggests a source. */
export const sourceFile: PathFilter = isNameable;

/** Returns the paths that begin with `typed`, as they are typed: relative to `cwd`, or with `~/`. */
export async function pathsFor(
  typed: string,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
  isOffered: PathFilter,
): Promise<Candidate[]> {
  if (typed === '~') return [{ value: '~/', isOpen: true, isPath: true }];
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const begun = typed.slice(folder.length);
  const place = placeFrom(folder, env, cwd);
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  const found: Candidate[] = [];
  for (const entry of entries) {
    const { name } = entry;
    const isHidden = name.startsWith('.') && !begun.startsWith('.');
    // A name with a control character would break the answer's lines.
    if (isHidden || !name.startsWith(begun) || /\p{Cc}/u.test(name)) continue;
    const mayLead = entry.isDirectory() || entry.isSymbolicLink();
    if (!mayLead && !isOffered(name)) continue;
    const isDirectory =
      entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToDirectory(place, name)));
    if (!isDirectory && !isOffered(name)) continue;
    found.push({ value: `${folder}${name}${isDirectory ? '/' : ''}`, isOpen: isDirectory, isPath: true });
    if (found.length === MOST_NAMES) break;
  }
  return found;
}

async function leadsToDirectory(folder: string, name: string): Promise<boolean> {
  const found = await stat(path.join(folder, name)).catch(() => null);
  return found?.isDirectory() === true;
}
