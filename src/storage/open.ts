import { openForOwner } from './for-owner.ts';
import { type Migration, migrate } from './migrate.ts';
import type { Database } from './transaction.ts';

/** How long to wait for another process that writes, ms. */
const BUSY_TIMEOUT_MS = 5_000;

export interface OpenOptions {
  /** No other process may open it as long as this one lives; if one has, this throws at once. */
  readonly isExclusive?: boolean;
  /** How long to wait for another process that writes, ms (5,000). */
  readonly busyTimeoutMs?: number;
  /** Whether what was committed has to survive a power cut too (the default). */
  readonly isDurable?: boolean;
}

const EXCLUSIVE_PRAGMAS = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0';
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;`;

/**
 * Opens a database of taskglass's own, makes it if need be (readable by its owner only), and brings it up to date.
 * What was committed survives a crash of the process and of the machine. Throws the system's or SQLite's error.
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
 * Loads Node's SQLite, only when it is needed. Some Nodes warn on the user's terminal that it is experimental: the part
 * that we use has not changed.
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
