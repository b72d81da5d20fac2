import { openForOwner } from './for-owner.ts';
import { type Migration, migrate } from './migrate.ts';
import type { Database } from './transaction.ts';

const BUSY_TIMEOUT_MS = 5_000;

export interface OpenOptions {
  /** Keeps other processes from opening the database until it is closed. Throws at once if one has it open. */
  readonly isExclusive?: boolean;
  /** How long to wait for another process that is writing, ms (5,000). */
  readonly busyTimeoutMs?: number;
  /** Whether commits must survive a power cut, too (the default). */
  readonly isDurable?: boolean;
}

const EXCLUSIVE_PRAGMAS = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0';
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;`;

/**
 * Opens one of taskglass's own databases, creates it if necessary (readable only by its owner), and migrates it. Commits
 * survive a crash of the process, and, unless `isDurable` is false, of the machine. Throws the system's or SQLite's error.
 */
export function openDatabase(
  path: string,
  migrations: readonly Migration[],
  { isExclusive = false, busyTimeoutMs = BUSY_TIMEOUT_MS, isDurable = true }: OpenOptions = {},
): Database {
  const { DatabaseSync } = loadSqlite();
  return openForOwner(path, () => {
    const database = new DatabaseSync(path);
    try {
      database.exec(isExclusive ? EXCLUSIVE_PRAGMAS : `PRAGMA busy_timeout = ${busyTimeoutMs}`);
      database.exec(`${PRAGMAS} PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'};`);
      migrate(database, migrations);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * Loads Node's SQLite when it is first needed. Suppresses the warning of some versions that it is experimental: the part that
 * we use has not changed.
 */
export function loadSqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
