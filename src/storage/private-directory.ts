import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isOpenToOthers, isOurs } from './ownership.ts';

/** Tells whether it is a directory, and no link to one, that is ours and into which nobody else can look or write. */
export async function isPrivateDirectory(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true && isOurs(found) && !isOpenToOthers(found);
}

/**
 * Makes a directory for us alone, or takes rights away from others on one that is ours. Rejects, in words, if it is
 * somebody else's. With `inside`, what it lies in must be there, and ours, already.
 */
export async function makePrivateDirectory(
  path: string,
  { inside = false }: { readonly inside?: boolean } = {},
): Promise<void> {
  if (inside && !isOurs(await stat(dirname(path))))
    throw new Error(`${dirname(path)} belongs to another user`);
  await mkdir(path, { recursive: !inside, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(path);
  if (!found.isDirectory()) throw new Error(`${path} is not a directory`);
  if (!isOurs(found)) throw new Error(`${path} belongs to another user`);
  if (isOpenToOthers(found)) await chmod(path, 0o700);
}
