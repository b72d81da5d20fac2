import type { Database } from '../../storage/transaction.ts';
import { definitionTables } from './definition-tables.ts';
import { historyTables } from './history-tables.ts';
import { runTable } from './run-table.ts';
import { createStatements } from './statements.ts';

/** Access to the ledger's tables. Enforces no rules beyond those of the schema; throws SQLite's errors. */
export type LedgerTables = ReturnType<typeof createLedgerTables>;

export function createLedgerTables(database: Database) {
  const statements = createStatements(database);
  return { ...definitionTables(statements), ...runTable(statements), ...historyTables(statements) };
}
