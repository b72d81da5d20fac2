import { type BigIntStats, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../clock.ts';
import {
  fileOf,
  hasWal,
  isBeingWritten,
  isOrphaned,
  isSmallEnough,
  journalOf,
  shmOf,
  stampOf,
  statBeside,
  statFile,
  walOf,
} from './database-files.ts';
import { loadSqlite } from './open.ts';
import { isBusy, resultCode, SQLITE } from './result-code.ts';
import type { Database } from './transaction.ts';
import { copyWithWal } from './wal.ts';

/** The value that was read; or that a writer is busy, so that nothing could be read yet. */
export type UntouchedReading<T> = { readonly value: T } | { readonly isBusy: true };

/** Two writes within one tick of the file system's clock leave the same stamp. */
const STAMP_TICK_MS = 20;
/**
 * Readers see what is written to a WAL only once it is safe on disk, and no file event reports that. So look again when the
 * last write to it is this old.
 */
const WAL_LOOKS_MS = [5, 20, 80, 320, 1_000, 5_000];

/**
 * Reads a database that belongs to another program without leaving a trace: no byte, no file beside it, and no lock, so that
 * not even a writer that never retries can fail because of us. By itself, SQLite would take a lock while it reads, and create
 * two files beside a database in WAL mode. So it is told that the file cannot change (`immutable`), and the result counts only
 * if nothing did change meanwhile. If there is a WAL with content, it is read as by any reader, through the files that its
 * writers keep; this hinders no writer. A WAL without its index (`-shm`) was copied and has no writer, so a private copy is
 * read; that is also what a Node does that cannot pass these options to SQLite.
 *
 * Calls `read` once, with a connection that is closed afterwards. Throws the system's or SQLite's error.
 */
export function readUntouched<T>(path: string, read: (database: Database) => T): UntouchedReading<T> {
  const file = fileOf(path);
  if (!opensUris() && isSmallEnough(file)) return readCopied(file, read);
  if (!hasWal(file)) return readStill(file, read);
  if (!isOrphaned(file)) return readBesideWal(file, read);
  return readCopy(file, read, () => statBeside(shmOf(file)) === null);
}

/** Reads a private copy of a database that may be in use, as `readUntouched` does before Node 22.15. */
export function readCopied<T>(path: string, read: (database: Database) => T): UntouchedReading<T> {
  const file = fileOf(path);
  return readCopy(file, read, () => !isBeingWritten(file));
}

/** A mark that distinguishes two states of a database without opening it. */
export interface DatabaseMark {
  readonly text: string;
  /** When it was last written to (epoch ms), including a write that is not finished. */
  readonly modifiedAt: number;
  /** When to look again even without a file event, ms from now; null if that is not necessary. */
  readonly nextLookMs: number | null;
}

/**
 * Marks a database by the stamps of its files. If its last write is so recent that another may follow in the same tick, or
 * that readers may not see it yet, the mark equals no other. Throws the system's error.
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

/** Returns when to look again, in ms. If the clock was set back, this must not go on for ever. */
function nextLook(ageMs: number): number | null {
  const age = Math.max(0, ageMs);
  const at = WAL_LOOKS_MS.find((lookMs) => lookMs > age);
  return at === undefined || ageMs < -STAMP_TICK_MS ? null : at - age;
}

/** Returns the files beside a database that show its changes: its rollback journal and its WAL. */
export function companionsOf(path: string): string[] {
  const file = fileOf(path);
  return [journalOf(file), walOf(file)];
}

/** Tells whether this Node can read a database without a trace: before 22.15, only one small enough to copy. */
export function canReadUntouched(path: string): boolean {
  return opensUris() || isSmallEnough(fileOf(path));
}

let canOpenUris: boolean | undefined;

/** Tells whether this Node's SQLite accepts a URI with options for opening a file, as it does from 22.15 on. */
function opensUris(): boolean {
  canOpenUris ??= (() => {
    try {
      connect('file::memory:').close();
      return true;
    } catch {
      return false;
    }
  })();
  return canOpenUris;
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
 * Reads a database that has a WAL. With `readonly_shm`, SQLite neither creates nor changes the WAL's index, and fails if it
 * is missing.
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

/** Reads a copy that includes the WAL. Neither file may be in use or change while it is copied. */
function readCopy<T>(
  path: string,
  read: (database: Database) => T,
  isAtRest: () => boolean,
): UntouchedReading<T> {
  const marks = () => {
    const wal = statBeside(walOf(path));
    return `${stampOf(statFile(path))} ${wal ? stampOf(wal) : ''}`;
  };
  if (!isAtRest()) return { isBusy: true };
  const directory = mkdtempSync(join(tmpdir(), 'taskglass-'));
  try {
    const before = marks();
    const copy = join(directory, 'copy.db');
    copyWithWal(path, hasWal(path) ? walOf(path) : null, copy);
    if (marks() !== before || !isAtRest()) return { isBusy: true };
    return { value: withConnection(copy, read) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function withConnection<T>(pathOrUri: string, read: (database: Database) => T): T {
  const database = connect(pathOrUri);
  try {
    database.exec('PRAGMA trusted_schema = OFF');
    return read(database);
  } finally {
    database.close();
  }
}

function connect(pathOrUri: string): Database {
  const { DatabaseSync } = loadSqlite();
  return new DatabaseSync(pathOrUri, { readOnly: true });
}

function isContention(error: unknown): boolean {
  return isBusy(error) || resultCode(error) === SQLITE.readonly;
}
