import { randomBytes } from 'node:crypto';
import { mkdir, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { type Clock, sleep } from '../clock.ts';
import { FileLockError, type FileLockOptions } from './file-lock.ts';

/** The same as in proper-lockfile: a holder touches its lock more often than this. */
const STALE_MS = 10_000;
const GIVE_UP_MS = 30_000;
const LOOK_AGAIN_MS = 20;

/**
 * Runs `action` while holding a lock as the library proper-lockfile does: a directory beside the file (`<path>.lock`), whose
 * mtime shows that its holder is alive. A file in its place counts as a lock, too.
 *
 * Does not use that library: its last release is from 2021, and loading it adds listeners for all signals and replaces
 * `process.emit`, on which our own shutdown depends.
 */
export async function withDirectoryLock<T>(
  path: string,
  options: FileLockOptions,
  action: (isHeld: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  await take(lock, options);
  const mine = await identityOf(lock);
  const isHeld = async () => mine !== null && (await identityOf(lock)) === mine;
  try {
    return await action(isHeld);
  } finally {
    if (await isHeld()) await rmdir(lock).catch(() => {});
  }
}

async function take(lock: string, { clock, signal }: FileLockOptions): Promise<void> {
  const giveUpAt = clock.monotonic() + GIVE_UP_MS;
  while (!(await make(lock))) {
    if (signal?.aborted) throw new FileLockError(`gave up waiting for ${lock}`);
    if (clock.monotonic() >= giveUpAt)
      throw new FileLockError(`${lock} was held by others for ${GIVE_UP_MS / 1000} s`);
    if (!(await takeAwayStale(lock, clock))) await sleep(clock, LOOK_AGAIN_MS, signal);
  }
}

async function make(lock: string): Promise<boolean> {
  return mkdir(lock).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Removes a stale lock. If it turns out to have just been replaced by a new one, that is put back. */
async function takeAwayStale(lock: string, clock: Clock): Promise<boolean> {
  const found = await stat(lock).catch(() => null);
  if (!found) return true;
  if (clock.now() - found.mtimeMs <= STALE_MS) return false;
  const aside = `${lock}-${randomBytes(6).toString('hex')}`;
  const isAside = await rename(lock, aside).then(
    () => true,
    () => false,
  );
  if (!isAside) return false;
  const isStale = (await identityOf(aside)) === `${found.dev} ${found.ino}`;
  if (isStale && (await remove(aside, found.isDirectory()))) return true;
  await rename(aside, lock).catch(() => remove(aside, true));
  if (isStale) throw new FileLockError(`${lock} is in the way: it is not a lock, because it is not empty`);
  return false;
}

function remove(path: string, isDirectory: boolean): Promise<boolean> {
  return (isDirectory ? rmdir(path) : unlink(path)).then(
    () => true,
    () => false,
  );
}

async function identityOf(lock: string): Promise<string | null> {
  const stats = await stat(lock).catch(() => null);
  return stats && `${stats.dev} ${stats.ino}`;
}
