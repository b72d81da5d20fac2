import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { type Clock, sleep } from '../clock.ts';

/** A lock this old was left behind: whoever holds one needs milliseconds, or 2 s where the file is torn. */
const STALE_MS = 10_000;
/** No wait is longer, however many others take their turns. */
const GIVE_UP_MS = 30_000;
const LOOK_AGAIN_MS = 5;

/** Thrown where the lock cannot be had: the message names it and says why. */
export class FileLockError extends Error {}

export interface FileLockOptions {
  readonly clock: Clock;
  /** Ends the wait for the lock, not the action. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `action` while no other taskglass, in this process or another, is inside one for the same file. The lock is a
 * file beside it (`<path>.lock`), as git does it; foreign writers know nothing of it. An action that outlives its turn
 * loses the lock to the next one: it asks `isHeld` before it does what cannot be undone.
 */
export async function withFileLock<T>(
  path: string,
  options: FileLockOptions,
  action: (isHeld: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  const mine = (await take(lock)) ?? (await waitFor(lock, options));
  const isHeld = async () => (await look(lock)) === mine;
  try {
    return await action(isHeld);
  } finally {
    if (await isHeld()) await rm(lock, { force: true });
  }
}

/** Times by timers: a clock that is set back, here or where the lock was made, prolongs no wait. */
async function waitFor(lock: string, { clock, signal }: FileLockOptions): Promise<string> {
  let isOverdue = false;
  let isLeftBehind = false;
  let watched: string | null = null;
  let cancelStale = () => {};
  const cancelGiveUp = clock.after(GIVE_UP_MS, () => {
    isOverdue = true;
  });
  try {
    for (;;) {
      if (signal?.aborted) throw new FileLockError(`given up waiting for ${lock}`);
      const mine = await take(lock);
      if (mine !== null) return mine;
      const found = await look(lock, clock.now() - STALE_MS);
      if (found !== watched) {
        watched = found;
        isLeftBehind = false;
        cancelStale();
        cancelStale = clock.after(STALE_MS, () => {
          isLeftBehind = true;
        });
      }
    }
  } finally {
    cancelStale();
    cancelGiveUp();
  }
}
