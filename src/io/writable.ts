import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PlainText, plainName, words } from '../model/text.ts';

/** Returns why this user may not write to one of these paths ("not writable: owned by root"); null if all are writable. */
export async function writeRefusal(
  paths: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Promise<PlainText | null> {
  for (const path of paths) {
    const refusal = await refusalOf(path, platform);
    if (refusal) return refusal;
  }
  return null;
}

/** Returns the path itself if it exists; otherwise the nearest existing directory above, in which it would be created. */
export async function nearestExisting(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path) return path;
  return (await exists(path)) ? path : nearestExisting(parent);
}

async function refusalOf(path: string, platform: NodeJS.Platform): Promise<PlainText | null> {
  try {
    await access(path, constants.W_OK);
    return null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return words`not writable: it is gone`;
    if (code === 'EROFS') return words`not writable: the file system is read-only`;
    // Windows reports no owners, and refuses only for this reason.
    if (platform === 'win32') return words`not writable: it is marked as read-only`;
    return words`not writable: owned by ${await ownerOf(path)}`;
  }
}

/** Tells whether there is anything at a path that this user can reach. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function ownerOf(path: string): Promise<PlainText> {
  const uid = await stat(path).then(
    (stats) => stats.uid,
    () => null,
  );
  if (uid === null) return words`somebody else`;
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = users.split('\n').find((user) => user.split(':')[2] === String(uid));
  return plainName(line?.split(':')[0] ?? `user ${uid}`);
}
