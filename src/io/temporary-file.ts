import { randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backgroundClock } from '../clock.ts';
import { isOurs } from '../storage/ownership.ts';

/** The names of our temporary files: the target's name, the process that writes the file, and a random part. */
const NAME = /^\..+\.(\d{1,10})-[0-9a-f]{12}\.tmp$/u;
/** No file takes this long to write. */
const ABANDONED_MS = 60_000;
/** If a file is older than this, its process id probably belongs to another process by now. */
const LONGEST_LIFE_MS = 24 * 60 * 60 * 1000;

const cleared = new Set<string>();

/** Returns a unique name in the directory of `target`, for the file that will replace it. */
export function temporaryBeside(target: string): string {
  const name = `.${basename(target)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  return join(dirname(target), name);
}

/**
 * Removes the temporary files that killed processes of this user have left in a directory: files with our kind of name that
 * are a minute old and whose process is gone. Does so once for each directory and process. Never rejects.
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
