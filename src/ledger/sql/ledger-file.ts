import path from 'node:path';
import { userDirectories } from '../../storage/directories.ts';
import { openForOwner } from '../../storage/for-owner.ts';
import { loadSqlite } from '../../storage/open.ts';
import type { Database } from '../../storage/transaction.ts';
import { LEDGER_APPLICATION_ID, LEDGER_MIGRATIONS_TABLE } from './schema.ts';

/** Returns the path of the user's own ledger. */
export function defaultLedgerPath(env: Readonly<Record<string, string | undefined>>): string {
  return path.join(userDirectories(env).data, 'ledger.db');
}

/** Whose file it is: one made for a ledger, a foreign one that has been given one or not, or nobody's yet. */
export type LedgerHome = 'own' | 'guest' | 'foreign' | 'empty';

/** Tells whose file an open database is; reads only. */
export function homeOf(database: Database): LedgerHome {
  if (applicationId(database) === LEDGER_APPLICATION_ID) return 'own';
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (tables.length === 0) return 'empty';
  return tables.some(({ name }) => name === LEDGER_MIGRATIONS_TABLE) ? 'guest' : 'foreign';
}

/** Returns the number that tells whose file a database is; 0 if nobody has said. */
export function applicationId(database: Database): number {
  return Number(database.prepare('PRAGMA application_id').get()?.application_id ?? 0);
}

/** How long SQLite itself waits for another writer, ms: short, as Node stands still meanwhile. Callers try again. */
const BUSY_TIMEOUT_MS = 100;

/** So much as a guest may set in a foreign database: nothing that outlives the connection. */
const CONNECTION_PRAGMAS = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA synchronous = FULL;`;

/** Connects to `file`, which is made if there is none; closed again if `use` throws. */
export function connectLedger<T>(file: string, use: (database: Database) => T): T {
  const { DatabaseSync } = loadSqlite();
  return openForOwner(file, () => {
    const database = new DatabaseSync(file);
    try {
      database.exec(CONNECTION_PRAGMAS);
      return use(database);
    } catch (error) {
      closeIfOpen(database);
      throw error;
    }
  });
}

/** Closes a database if it is open. Not every Node that we run on can tell. */
function closeIfOpen(database: Database): void {
  try {
    database.close();
  } catch {}
}
