import { type Migration, pendingMigrations, SchemaError } from '../../storage/migrate.ts';
import type { Database } from '../../storage/transaction.ts';
import { checkSchema, refuseForeignCode } from './check-schema.ts';
import { applicationId, connectLedger, homeOf } from './ledger-file.ts';
import { backUpAndMigrate, hasMigrations } from './migrate-ledger.ts';
import { LEDGER_APPLICATION_ID, LEDGER_MIGRATIONS, LEDGER_MIGRATIONS_TABLE } from './schema.ts';

/** An open ledger, its tables up to date and whole. */
export interface LedgerDatabase {
  readonly database: Database;
  /** A guest lives in another program's database. */
  readonly home: 'own' | 'guest';
}

/** The file is another program's database, and nobody has asked for a ledger in it. */
export class ForeignDatabaseError extends Error {
  /** Its tables, as far as there is room to name them. */
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
 * Opens the ledger at `file`, and makes one if there is no file (readable by its owner only) or an empty one. What
 * was committed survives a crash of the process and of the machine. Throws a `ForeignDatabaseError`, a
 * `ForeignCodeError`, a `SchemaError`, or SQLite's error.
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
 * Tells whose an open database with a ledger is, whose tables are up to date and whole; reads only. Throws as
 * `openLedgerDatabase` does, also if there is no ledger yet.
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

/** Makes the file a ledger of our own, or brings one up to date. The mark comes first: a crash leaves an empty ledger. */
function settleIn(database: Database, file: string, nowMs: number, migrations: readonly Migration[]): void {
  if (applicationId(database) !== LEDGER_APPLICATION_ID)
    database.exec(`PRAGMA application_id = ${LEDGER_APPLICATION_ID}`);
  const mode = database.prepare('PRAGMA journal_mode').get()?.journal_mode;
  if (mode === 'delete') database.exec('PRAGMA journal_mode = WAL');
  backUpAndMigrate(database, file, nowMs, migrations);
}

/** Throws if the tables are out of date. A guest's tables are changed only on request. */
function refuseOutdated(database: Database, migrations: readonly Migration[]): void {
  const isEmpty = !hasMigrations(database); // another process has only just begun to make it
  if (isEmpty || pendingMigrations(database, migrations, LEDGER_MIGRATIONS_TABLE).length > 0)
    throw new SchemaError('it was made by an older taskglass: taskglass ledger migrate --db FILE', false);
}
