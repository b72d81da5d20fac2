import { randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backgroundClock } from '../clock.ts';
import { isOurs } from '../storage/ownership.ts';

/** The names of our temporary files: what they are to become, the process that writes them, and a random part. */
const NAME = /^\..+\.(\d{1,10})-[0-9a-f]{12}\.tmp$/u;
/** No file takes so long to write. */
const ABANDONED_MS = 60_000;
/** Of an older one the process that has its number now is another. */
const LONGEST_LIFE_MS = 24 * 60 * 60 * 1000;

const cleared = new Set<string>();

/** Returns a unique name in the directory of `target`, for the file that is to replace it. */
export function temporaryBeside(target: string): string {
  const name = `.${basename(target)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  return join(dirname(target), name);
}

/**
 * Removes the temporary files that killed processes of this user have left in a directory: ours by their name, a minute
 * old, their process gone. Once for each directory in the life of a process. Never rejects.
 */
export async function clearLeftBehind(directory: string): Promise<void> {
  if (cleared.has(directory)) return;
  cleared.add(directory);
  const names: string[] = await readdir(directory).catch(() => []);
  for (const name of names) {
    const pid = NAME.exec(name)?.[1];
    if (pid !== undefined && (await isLeftBehind(join(directory, name), Number(pid))))
      await rm(join(directory, name), { force: true }).catch(() => {});
  }
}

async function isLeftBehind(path: string, pid: number): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (!stats?.isFile() || !isOurs(stats)) return false;
  const ageMs = backgroundClock.now() - stats.mtimeMs;
  return ageMs > ABANDONED_MS && (ageMs > LONGEST_LIFE_MS || !isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
