import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { isOurs } from '../../storage/ownership.ts';

/** No system has longer command lines; a longer file is not a record. */
const RECORD_LIMIT_BYTES = 4 * 1024 * 1024;
const OTHERS = 0o077;

/** Returns the file beside a run's state file that contains its record. */
export function recordPathOf(statePath: string): string {
  return `${statePath}.run`;
}

/** Returns the file beside it that exists while the run is started again. */
export function againMarkOf(statePath: string): string {
  return `${statePath}.again`;
}

/** Tells whether there is such a record, without reading it: each of thousands of ended runs has one. */
export async function hasRunRecord(statePath: string): Promise<boolean> {
  const stats = await lstat(recordPathOf(statePath)).catch(() => null);
  return stats !== null && mayBeRecord(stats);
}

/** Tells whether a file can be a record that nobody but this user has written. */
export function mayBeRecord(stats: Stats): boolean {
  const isPrivate = stats.isFile() && isOurs(stats) && stats.nlink === 1 && (stats.mode & OTHERS) === 0;
  return isPrivate && stats.size > 0 && stats.size <= RECORD_LIMIT_BYTES;
}
