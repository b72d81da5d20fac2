import type { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

/** Runs `work` in one transaction: all of it, or, if it throws, nothing. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/**
 * Rolls a transaction back. SQLite has done so already for some errors (a full disk), and says so by an error of its
 * own.
 */
function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {}
}
