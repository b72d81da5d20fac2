import { randomBytes } from 'node:crypto';
import { lstat, open, readFile, rm } from 'node:fs/promises';
import { type Clock, sleep } from '../clock.ts';

/** A lock older than this was left behind: a holder needs milliseconds, or 2 s if the file is incomplete. */
const STALE_MS = 10_000;
/** The longest wait for a lock, however many others take their turns. */
const GIVE_UP_MS = 30_000;
const LOOK_AGAIN_MS = 5;
/** A lock contains one short line; anything larger is not a lock. */
const LOCK_LIMIT_BYTES = 1024;

/** Thrown if a lock cannot be obtained; the message names it. */
export class FileLockError extends Error {}

export interface FileLockOptions {
  readonly clock: Clock;
  /** Ends the wait for the lock (with a `FileLockError`), not the action. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs `action` while holding a lock for a file; `isHeld` tells whether it is still held. */
export type TakeTurns = <T>(
  path: string,
  options: FileLockOptions,
  action: (isHeld: () => Promise<boolean>) => Promise<T>,
) => Promise<T>;

/** An existing lock. `identity` distinguishes it from earlier and later ones. */
interface Lock {
  readonly holder: string;
  readonly identity: string;
  readonly modifiedAt: number;
}

/**
 * Runs `action` while no other action for the same file runs, in this process or in another taskglass. The lock is a file beside
 * it (`<path>.lock`), as in git; other programs ignore it. An action that is delayed for long loses its lock to the next one, so
 * it must call `isHeld` right before doing anything that cannot be undone.
 */
export async function withFileLock<T>(
  path: string,
  options: FileLockOptions,
  action: (isHeld: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  const me = `${process.pid}-${randomBytes(8).toString('hex')}`;
  const isHeld = async () => (await look(lock))?.holder === me;
  if (!(await take(lock, me))) await waitFor(lock, me, options);
  try {
    return await action(isHeld);
  } finally {
    if (await isHeld()) await rm(lock, { force: true });
  }
}

/** Waits for a lock. Relies on timers where it can: a lock dated in the future, or setting the clock, must not prolong this. */
async function waitFor(lock: string, me: string, options: FileLockOptions): Promise<void> {
  const { clock, signal } = options;
  const wait = startTimer(clock, GIVE_UP_MS);
  let stillness = startTimer(clock, STALE_MS);
  let lastSeen: string | null = null;
  try {
    do {
      const found = await look(lock);
      if (found && found.identity !== lastSeen) {
        lastSeen = found.identity;
        stillness.cancel();
        stillness = startTimer(clock, STALE_MS);
      }
      const isStale = stillness.isOver || (found && clock.now() - found.modifiedAt > STALE_MS);
      if (found && isStale) await takeAway(lock, found, options);
      else await sleep(clock, LOOK_AGAIN_MS * (1 + Math.random()), signal);
      if (signal?.aborted) throw new FileLockError(`gave up waiting for ${lock}`);
      if (wait.isOver) throw new FileLockError(`${lock} was held by others for ${GIVE_UP_MS / 1000} s`);
    } while (!(await take(lock, me)));
  } finally {
    wait.cancel();
    stillness.cancel();
  }
}

async function take(lock: string, me: string): Promise<boolean> {
  const handle = await open(lock, 'wx', 0o644).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
  if (!handle) return false;
  try {
    await handle.writeFile(me);
    return true;
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Returns the existing lock; null if there is none. Throws if something else is in its place. */
async function look(lock: string): Promise<Lock | null> {
  const stats = await lstat(lock).catch(() => null);
  if (!stats) return null;
  if (!stats.isFile() || stats.size > LOCK_LIMIT_BYTES)
    throw new FileLockError(`${lock} is in the way: it is not a lock file; move it elsewhere`);
  // Another user's lock may be unreadable.
  const holder = await readFile(lock, 'utf8').catch(() => '');
  return { holder, identity: `${stats.ino} ${stats.mtimeMs} ${holder}`, modifiedAt: stats.mtimeMs };
}

/**
 * Removes a stale lock, and no other: several processes may have found it stale, and one of them may hold a new one by now. So
 * this takes a lock for the lock, and checks again.
 */
async function takeAway(lock: string, stale: Lock, options: FileLockOptions): Promise<void> {
  await withFileLock(lock, options, async () => {
    if ((await look(lock))?.identity === stale.identity) await rm(lock, { force: true });
  });
}

function startTimer(clock: Clock, delayMs: number): { readonly isOver: boolean; cancel(): void } {
  const timer = {
    isOver: false,
    cancel: clock.after(delayMs, () => {
      timer.isOver = true;
    }),
  };
  return timer;
}
