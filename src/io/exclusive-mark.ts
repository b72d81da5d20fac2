import { open, readFile, rm, stat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { jsonObject, readJson } from '../model/json.ts';
import { withFileLock } from './file-lock.ts';
import { isProcessGone, ownProcess } from './process-identity.ts';

/** If the system does not tell about processes, a mark older than this counts as abandoned. */
const ABANDONED_MS = 60_000;

/**
 * Runs `action`, unless it is running for the same mark already, in this process or another: then resolves to null at once. The
 * mark is a file that exists meanwhile and names its process; it is ignored if that is gone. Rejects with the system's error if
 * the file cannot be created.
 */
export async function withExclusiveMark<T>(
  path: string,
  clock: Clock,
  action: () => Promise<T>,
): Promise<T | null> {
  const isMade = (await make(path)) || ((await removeAbandoned(path, clock)) && (await make(path)));
  if (!isMade) return null;
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function make(path: string): Promise<boolean> {
  const handle = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
  if (!handle) return false;
  try {
    await handle.writeFile(JSON.stringify(ownProcess()));
    return true;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Removes the mark of a process that is gone, and no other: a lock ensures that only one process does so at a time. */
async function removeAbandoned(path: string, clock: Clock): Promise<boolean> {
  return withFileLock(path, { clock }, async () => {
    const isAbandoned = await looksAbandoned(path, clock);
    if (isAbandoned) await rm(path, { force: true });
    return isAbandoned;
  });
}

async function looksAbandoned(path: string, clock: Clock): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const holder = jsonObject(readJson(text));
  if (holder) return isProcessGone(holder);
  const stats = await stat(path).catch(() => null);
  return stats !== null && clock.now() - stats.mtimeMs > ABANDONED_MS;
}
