import type { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

/** Runs `work` in one transaction: all of it, or, where it throws, nothing. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
