import {
  type BigIntStats,
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../clock.ts';
import { loadSqlite } from './open.ts';
import { isBusy, resultCode, SQLITE } from './result-code.ts';
import type { Database } from './transaction.ts';
import { copyWithWal, isWal } from './wal.ts';

/** What was read; or that a writer is at it, so that nothing can be told yet. */
export type UntouchedReading<T> = { readonly value: T } | { readonly isBusy: true };

/** What a rollback journal begins with once, and only while, its database is being written to. */
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex');
/** Two writes within one tick of the file system's clock leave the same stamp. */
const STAMP_TICK_MS = 20;
/**
 * What is written to a WAL is seen by readers only once it is safe on disk, of which nothing tells: so it is looked at
 * again when the last write to it is so old.
 */
const WAL_LOOKS_MS = [5, 20, 80, 320, 1_000, 5_000];

/**
 * Reads a database that belongs to somebody else without leaving a trace: no byte, no file beside it, and no lock,
 * so that not even a writer without patience can fail because of us. SQLite itself would take a lock while it reads,
 * and make two files beside a database in WAL mode; so it is told that the file cannot change (`immutable`), and what
 * it read counts only if nothing did change meanwhile. While a WAL holds something, it is read as any reader would,
 * which hinders no writer there, through the files that its writers keep. A WAL that was copied without its index
 * (`-shm`) has no writer: then a private copy is read.
 *
 * `read` is called once, with a connection that is closed afterwards. Throws the system's or SQLite's error.
 */
export function readUntouched<T>(path: string, read: (database: Database) => T): UntouchedReading<T> {
  const file = fileOf(path);
  if (!hasWal(file)) return readStill(file, read);
  return isOrphaned(file) ? readCopy(file, read) : readBesideWal(file, read);
}

/** What is larger is not copied: nobody should wait for that, nor a disk be filled. */
const LARGEST_COPY_BYTES = 128 * 1024 * 1024;

/** What tells two states of a database apart, without opening it. */
export interface DatabaseMark {
  readonly text: string;
  /** When it was last written (epoch ms), also by a write that is not over yet. */
  readonly modifiedAt: number;
  /** When to look again although nobody may tell of a change, ms from now; null if that is not needed. */
  readonly nextLookMs: number | null;
}

/**
 * Marks a database by the stamps of its files. While its last write is so fresh that it may not be the last in its tick,
 * or not be seen by readers yet, no mark equals another. Throws the system's error.
 */
export function markDatabase(path: string, clock: Clock): DatabaseMark {
  const database = fileOf(path);
  const file = statFile(database);
  const wal = statBeside(walOf(database));
  const journal = statBeside(journalOf(database));
  const nowMs = clock.now();
  const writtenAt = lastOf([file, wal]);
  const nextLookMs = wal !== null && wal.size > 0n ? nextLook(nowMs - lastOf([wal])) : null;
  const isFresh = nowMs - writtenAt < STAMP_TICK_MS || nextLookMs !== null;
  return {
    text: [stampOf(file), wal ? stampOf(wal) : '', isFresh ? nowMs : ''].join(' '),
    modifiedAt: lastOf([file, wal, journal]),
    nextLookMs,
  };
}

function lastOf(files: readonly (BigIntStats | null)[]): number {
  return Math.max(...files.map((stats) => Number(stats?.mtimeMs ?? 0n)));
}

/** Returns when to look again. A clock that was set back must not make us look for ever. */
function nextLook(ageMs: number): number | null {
  const age = Math.max(0, ageMs);
  const at = WAL_LOOKS_MS.find((lookMs) => lookMs > age);
  return at === undefined || ageMs < -STAMP_TICK_MS ? null : at - age;
}

/** Returns the files beside a database that tell of its changes: its rollback journal and its WAL. */
export function companionsOf(path: string): string[] {
  const file = fileOf(path);
  return [journalOf(file), walOf(file)];
}

/** Tells whether this Node's SQLite can be told how to open a file: from 22.15 on. */
export function canReadUntouched(): boolean {
  try {
    connect('file::memory:').close();
    return true;
  } catch {
    return false;
  }
}

function readStill<T>(path: string, read: (database: Database) => T): UntouchedReading<T> {
  const before = stampOf(statFile(path));
  if (isBeingWritten(path)) return { isBusy: true };
  const hasChanged = () => isBeingWritten(path) || hasWal(path) || stampOf(statFile(path)) !== before;
  try {
    const value = withConnection(`${pathToFileURL(path)}?immutable=1`, read);
    return hasChanged() ? { isBusy: true } : { value };
  } catch (error) {
    if (hasChanged()) return { isBusy: true };
    throw error;
  }
}

/**
 * Reads a database that has a WAL. `readonly_shm` keeps SQLite from making or changing the WAL's index; if that is
 * missing, it gives up.
 */
function readBesideWal<T>(path: string, read: (database: Database) => T): UntouchedReading<T> {
  try {
    const value = withConnection(`${pathToFileURL(path)}?readonly_shm=1`, (database) => {
      database.exec('BEGIN');
      return read(database);
    });
    return { value };
  } catch (error) {
    if (!hasWal(path) || isContention(error)) return { isBusy: true };
    throw error;
  }
}

/** Reads a copy that has the WAL in it; both must be the same before and after. */
function readCopy<T>(path: string, read: (database: Database) => T): UntouchedReading<T> {
  const marks = () => [path, walOf(path)].map((file) => stampOf(statFile(file))).join(' ');
  const directory = mkdtempSync(join(tmpdir(), 'taskglass-'));
  try {
    const before = marks();
    const copy = join(directory, 'copy.db');
    copyWithWal(path, walOf(path), copy);
    if (marks() !== before || statBeside(shmOf(path))) return { isBusy: true };
    return { value: withConnection(`${pathToFileURL(copy)}?immutable=1`, read) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function withConnection<T>(uri: string, read: (database: Database) => T): T {
  const database = connect(uri);
  try {
    database.exec('PRAGMA trusted_schema = OFF');
    return read(database);
  } finally {
    database.close();
  }
}

function connect(uri: string): Database {
  const { DatabaseSync } = loadSqlite();
  return new DatabaseSync(uri, { readOnly: true });
}

/** Tells whether a WAL holds something. If it is empty, or is not a WAL, everything is in the database. */
function hasWal(path: string): boolean {
  const found = statBeside(walOf(path));
  if (!found?.isFile() || found.size === 0n) return false;
  try {
    return isWal(walOf(path));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/**
 * Tells whether a WAL that is small enough to be copied has no index beside it. Every writer keeps one: without it
 * there is no writer, and SQLite would have to make it.
 */
function isOrphaned(path: string): boolean {
  if (statBeside(shmOf(path)) !== null) return false;
  const bytes = [path, walOf(path)].map((file) => Number(statBeside(file)?.size ?? 0n));
  return bytes.reduce((sum, size) => sum + size, 0) <= LARGEST_COPY_BYTES;
}

/**
 * Tells whether the database's pages may be changing: from when the journal is safe on disk until the transaction is
 * over.
 */
function isBeingWritten(path: string): boolean {
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

/** Returns the file that a link leads to: the journal and the WAL lie beside that, not beside the link. */
function fileOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path; // it is said when it is read
  }
}

function journalOf(path: string): string {
  return `${path}-journal`;
}

function walOf(path: string): string {
  return `${path}-wal`;
}

function shmOf(path: string): string {
  return `${path}-shm`;
}

function statFile(path: string): BigIntStats {
  return statSync(path, { bigint: true });
}

function statBeside(path: string): BigIntStats | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
}

/**
 * Returns a stamp of a file. It leaves out the last change of the owner: run by root, SQLite gives a WAL to its
 * database's owner, again and again.
 */
function stampOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}:${size}:${mtimeNs}`;
}

function isContention(error: unknown): boolean {
  return isBusy(error) || resultCode(error) === SQLITE.readonly;
}
