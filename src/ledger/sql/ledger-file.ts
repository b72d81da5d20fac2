import path from 'node:path';
import { userDirectories } from '../../storage/directories.ts';
import { openForOwner } from '../../storage/for-owner.ts';
import type { Environment } from '../../storage/home.ts';
import { loadSqlite } from '../../storage/open.ts';
import type { Database } from '../../storage/transaction.ts';
import { LEDGER_APPLICATION_ID, LEDGER_MIGRATIONS_TABLE } from './schema.ts';

/** Returns the path of the user's own ledger. */
export function defaultLedgerPath(env: Environment): string {
  return path.join(userDirectories(env).data, 'ledger.db');
}

/** Whose database it is: made for a ledger (`own`), another program's with a ledger (`guest`) or without, or still empty. */
export type LedgerHome = 'own' | 'guest' | 'foreign' | 'empty';

/** Returns whose an open database is. Only reads. */
export function homeOf(database: Database): LedgerHome {
  if (applicationId(database) === LEDGER_APPLICATION_ID) return 'own';
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (tables.length === 0) return 'empty';
  return tables.some(({ name }) => name === LEDGER_MIGRATIONS_TABLE) ? 'guest' : 'foreign';
}

/** Returns the number by which a program marks its databases; 0 if there is none. */
export function applicationId(database: Database): number {
  return Number(database.prepare('PRAGMA application_id').get()?.application_id ?? 0);
}

/** How long SQLite itself waits for another writer, ms: short, because that blocks the process. Callers try again. */
const BUSY_TIMEOUT_MS = 100;

/** Settings that are also allowed in another program's database, because none of them outlives the connection. */
const CONNECTION_PRAGMAS = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA synchronous = FULL;`;

/** Connects to `file`, which is created if there is none, and closes it again if `use` throws. */
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

/** Closes a database if it is open. (Not every Node that we support can tell.) */
function closeIfOpen(database: Database): void {
  try {
    database.close();
  } catch {}
}
