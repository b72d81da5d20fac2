import type { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

/** Runs `work` in one transaction, which is rolled back if it throws. */
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
 * Rolls a transaction back. Ignores the error: after some failures (a full disk), SQLite has rolled back already.
 */
function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {}
}
