import { lstatSync } from 'node:fs';
import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isOpenToOthers, isOurs } from './ownership.ts';

/**
 * Tells whether a path is a directory (not a link to one) that is ours, and that nobody else can read or write. Synchronous,
 * because starting Node's thread pool would take a short command longer than the answer.
 */
export function isPrivateDirectory(path: string): boolean {
  try {
    const found = lstatSync(path);
    return found.isDirectory() && isOurs(found) && !isOpenToOthers(found);
  } catch {
    return false;
  }
}

/**
 * Creates a directory for us alone, or removes other users' rights to one that is ours. Rejects with a readable message if it
 * is somebody else's. With `inside`, its parent must exist and be ours.
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
