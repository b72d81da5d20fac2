import { constants, type Stats } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeText } from '../../io/text-encoding.ts';
import { findWriteTarget } from '../../io/write-target.ts';
import { type PlainText, words } from '../../model/text.ts';
import { closing } from '../../storage/closing.ts';
import { isOursOrRoots } from '../../storage/ownership.ts';

/** No command file is longer; a longer file is not one. */
const COMMAND_LIMIT_BYTES = 64 * 1024;
const WRITABLE_BY_ALL = 0o002;

/** Tells whose commands count; everybody's on systems without file owners. */
export type IsTrusted = (stats: Stats) => boolean;

/** Returns the users whose commands for the tasks of a state file count: we, root, and the file's owner. */
export async function findTrusted(statePath: string): Promise<IsTrusted> {
  const owner = await ownerOf(statePath);
  return (stats) => isOursOrRoots(stats) || stats.uid === owner;
}

/** Returns null if there is no file, or if anybody may have put it there. */
async function ownerOf(statePath: string): Promise<number | null> {
  try {
    const { target, before } = await findWriteTarget(statePath);
    const { mode } = await stat(dirname(target));
    return before && (mode & WRITABLE_BY_ALL) === 0 ? before.uid : null;
  } catch {
    return null;
  }
}

/** Returns why no command in `directory` counts ("is a link"); null if they may, or if there is no such directory. */
export async function distrustOf(directory: string, isTrusted: IsTrusted): Promise<PlainText | null> {
  const stats = await lstat(directory).catch(() => null);
  if (!stats) return null;
  if (stats.isSymbolicLink()) return words`is a link`;
  if (!stats.isDirectory()) return words`is not a directory`;
  return isTrusted(stats) ? null : words`belongs to another user (uid ${stats.uid})`;
}

/** What was read from a command file, or why it does not count; null if it is not one, or is gone. */
export type CommandReading =
  | { readonly text: string; readonly modifiedAt: number }
  | { readonly distrust: string }
  | null;

/**
 * Reads a command file that counts: a regular file of somebody who is trusted, with no other name. It is opened first and
 * checked afterwards, so that nothing can be put in its place in between; a pipe or a device does not block.
 */
export async function readCommandFile(
  directory: string,
  name: string,
  isTrusted: IsTrusted,
): Promise<CommandReading> {
  const path = join(directory, name);
  const before = await lstat(path).catch(() => null);
  if (!before?.isFile() || before.size > COMMAND_LIMIT_BYTES) return null;
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    await using handle = closing(await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > COMMAND_LIMIT_BYTES) return null;
    if (!isTrusted(stats)) return { distrust: `belongs to another user (uid ${stats.uid})` };
    if (stats.nlink !== 1) return { distrust: 'has a second name elsewhere' };
    // What was opened must be in the directory itself, not behind a link that was there for a moment.
    const [distrust, there] = [await distrustOf(directory, isTrusted), await lstat(path)];
    if (distrust !== null || there.ino !== stats.ino || there.dev !== stats.dev) return null;
    const buffer = Buffer.alloc(COMMAND_LIMIT_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, COMMAND_LIMIT_BYTES, 0);
    return { text: decodeText(buffer.subarray(0, bytesRead)), modifiedAt: Math.round(stats.mtimeMs) };
  } catch {
    return null;
  }
}
