import { type BigIntStats, closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { isWal } from './wal.ts';

/** A larger database is not copied: it would take too long, and might fill the disk. */
const LARGEST_COPY_BYTES = 128 * 1024 * 1024;

/** The first bytes of a rollback journal while its database is being written to, and only then. */
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex');

/** Tells whether there is a WAL with content. If it is empty or not a WAL, everything is in the database itself. */
export function hasWal(path: string): boolean {
  const found = statBeside(walOf(path));
  if (!found?.isFile() || found.size === 0n) return false;
  try {
    return isWal(walOf(path));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/**
 * Tells whether a WAL has no index (`-shm`) and is small enough to be copied. Every writer keeps an index: if it is missing,
 * there is no writer, and SQLite would have to create it in order to read.
 */
export function isOrphaned(path: string): boolean {
  return statBeside(shmOf(path)) === null && isSmallEnough(path);
}

/** Tells whether a database and its WAL are small enough to be copied. */
export function isSmallEnough(path: string): boolean {
  const bytes = [path, walOf(path)].map((file) => Number(statBeside(file)?.size ?? 0n));
  return bytes.reduce((sum, size) => sum + size, 0) <= LARGEST_COPY_BYTES;
}

/**
 * Tells whether the database's pages may be changing: from the time when the journal is safe on disk until the transaction
 * has ended.
 */
export function isBeingWritten(path: string): boolean {
  const journal = journalOf(path);
  if (!statBeside(journal)?.isFile()) return false;
  try {
    const file = openSync(journal, 'r');
    try {
      const start = Buffer.alloc(JOURNAL_MAGIC.length);
      readSync(file, start, 0, start.length, 0);
      return start.equals(JOURNAL_MAGIC);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** Resolves links: the journal and the WAL are beside the file itself, not beside a link to it. */
export function fileOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path; // the error is reported when it is read
  }
}

export function journalOf(path: string): string {
  return `${path}-journal`;
}

export function walOf(path: string): string {
  return `${path}-wal`;
}

export function shmOf(path: string): string {
  return `${path}-shm`;
}

export function statFile(path: string): BigIntStats {
  return statSync(path, { bigint: true });
}

export function statBeside(path: string): BigIntStats | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
}

/**
 * Returns a stamp of a file. It does not include the ctime, because SQLite, when run by root, changes a WAL's owner to that
 * of its database again and again.
 */
export function stampOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}:${size}:${mtimeNs}`;
}
