import { open, rm, stat } from 'node:fs/promises';
import { type Clock, sleep } from '../clock.ts';

/** A lock this old was left behind: whoever holds one needs milliseconds, or 2 s where the file is torn. */
const STALE_MS = 10_000;
const LOOK_AGAIN_MS = 5;

/**
 * Runs `action` while no other taskglass, in this process or another, is inside one for the same file. The lock is a
 * file beside it (`<path>.lock`), as git does it; foreign writers know nothing of it.
 */
export async function withFileLock<T>(path: string, clock: Clock, action: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  while (!(await take(lock))) {
    if (await isStale(lock, clock)) await rm(lock, { force: true });
    else await sleep(clock, LOOK_AGAIN_MS * (1 + Math.random()));
  }
  try {
    return await action();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(lock: string, clock: Clock): Promise<boolean> {
  const stats = await stat(lock).catch(() => null);
  return stats !== null && clock.now() - stats.mtimeMs > STALE_MS;
}
