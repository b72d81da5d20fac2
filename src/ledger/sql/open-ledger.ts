import { type Migration, pendingMigrations, SchemaError } from '../../storage/migrate.ts';
import type { Database } from '../../storage/transaction.ts';
import { checkSchema, refuseForeignCode } from './check-schema.ts';
import { applicationId, connectLedger, homeOf } from './ledger-file.ts';
import { backUpAndMigrate, hasMigrations } from './migrate-ledger.ts';
import { LEDGER_APPLICATION_ID, LEDGER_MIGRATIONS, LEDGER_MIGRATIONS_TABLE } from './schema.ts';

/** An open ledger, whose tables are up to date and complete. */
export interface LedgerDatabase {
  readonly database: Database;
  /** A `guest` is in another program's database. */
  readonly home: 'own' | 'guest';
}

/** Thrown if a file is another program's database, and nobody has asked for a ledger in it. */
export class ForeignDatabaseError extends Error {
  /** The first of its tables. */
  readonly tables: readonly string[];

  constructor(database: Database) {
    super('this is the database of another program');
    this.name = 'ForeignDatabaseError';
    const rows = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' LIMIT 3")
      .all();
    this.tables = rows.map(({ name }) => String(name));
  }
}

/**
 * Opens the ledger at `file`, and creates one if there is no file (readable only by its owner) or an empty one. Commits
 * survive a crash of the process and of the machine. Throws a `ForeignDatabaseError`, a `ForeignCodeError`, a `SchemaError`,
 * or SQLite's error.
 */
export function openLedgerDatabase(
  file: string,
  nowMs: number,
  migrations: readonly Migration[] = LEDGER_MIGRATIONS,
): LedgerDatabase {
  return connectLedger(file, (database) => {
    const home = homeOf(database);
    if (home === 'foreign') throw new ForeignDatabaseError(database);
    refuseForeignCode(database, migrations); // before the first write
    if (home === 'guest') refuseOutdated(database, migrations);
    else settleIn(database, file, nowMs, migrations);
    checkSchema(database, migrations);
    return { database, home: home === 'guest' ? 'guest' : 'own' };
  });
}

/**
 * Checks that an open database contains a ledger whose tables are up to date and complete, and returns whose database it is.
 * Only reads. Throws as `openLedgerDatabase` does, and also if there is no ledger.
 */
export function checkLedger(
  database: Database,
  migrations: readonly Migration[] = LEDGER_MIGRATIONS,
): LedgerDatabase['home'] {
  const home = homeOf(database);
  if (home === 'foreign' || home === 'empty') throw new ForeignDatabaseError(database);
  refuseOutdated(database, migrations);
  checkSchema(database, migrations);
  return home;
}

/** Creates or migrates a ledger of our own. Marks the file first, so that a crash leaves an empty ledger. */
function settleIn(database: Database, file: string, nowMs: number, migrations: readonly Migration[]): void {
  if (applicationId(database) !== LEDGER_APPLICATION_ID)
    database.exec(`PRAGMA application_id = ${LEDGER_APPLICATION_ID}`);
  const mode = database.prepare('PRAGMA journal_mode').get()?.journal_mode;
  if (mode === 'delete') database.exec('PRAGMA journal_mode = WAL');
  backUpAndMigrate(database, file, nowMs, migrations);
}

/** Throws if the tables are out of date. A guest's tables are changed only on request. */
function refuseOutdated(database: Database, migrations: readonly Migration[]): void {
  const isEmpty = !hasMigrations(database); // another process is just creating it
  if (isEmpty || pendingMigrations(database, migrations, LEDGER_MIGRATIONS_TABLE).length > 0)
    throw new SchemaError('it was made by an older taskglass: taskglass ledger migrate --db FILE', false);
}
