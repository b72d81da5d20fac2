import { makeForOwner } from '../../storage/for-owner.ts';
import { type Migration, migrate, pendingMigrations } from '../../storage/migrate.ts';
import type { Database } from '../../storage/transaction.ts';
import { checkSchema, refuseForeignCode } from './check-schema.ts';
import { applicationId, connectLedger, homeOf } from './ledger-file.ts';
import { LEDGER_APPLICATION_ID, LEDGER_MIGRATIONS, LEDGER_MIGRATIONS_TABLE } from './schema.ts';

/** The result of a migration. */
export interface MigrationReport {
  /** The schema versions that were applied; empty if it was up to date. */
  readonly applied: readonly number[];
  /** The path of a backup of the database from before; null if none was needed. */
  readonly backup: string | null;
  readonly home: 'own' | 'guest';
}

/**
 * Migrates the ledger at `file`. In another program's database, creates one beside the existing tables: these, the journal mode
 * and everything else that outlives a connection do not change, and the file is backed up first. Throws a `SchemaError` or
 * SQLite's error, and then has changed nothing.
 */
export function migrateLedger(
  file: string,
  nowMs: number,
  migrations: readonly Migration[] = LEDGER_MIGRATIONS,
): MigrationReport {
  return connectLedger(file, (database) => {
    const home = homeOf(database);
    refuseForeignCode(database, migrations);
    const isOurs = home === 'own' || home === 'empty';
    if (home === 'empty') database.exec(`PRAGMA application_id = ${LEDGER_APPLICATION_ID}`);
    const report = backUpAndMigrate(database, file, nowMs, migrations);
    checkSchema(database, migrations);
    database.close();
    return { ...report, home: isOurs ? 'own' : 'guest' };
  });
}

/** Applies the missing migrations, after a backup if there is something to lose. */
export function backUpAndMigrate(
  database: Database,
  file: string,
  nowMs: number,
  migrations: readonly Migration[],
): Pick<MigrationReport, 'applied' | 'backup'> {
  const isFirst = !hasMigrations(database);
  const pending = isFirst ? migrations : pendingMigrations(database, migrations, LEDGER_MIGRATIONS_TABLE);
  if (pending.length === 0) return { applied: [], backup: null };

  const isForeign = applicationId(database) !== LEDGER_APPLICATION_ID;
  const hasMuchToLose = isFirst ? isForeign : pending.some(({ changesData }) => changesData);
  const backup = hasMuchToLose ? backUp(database, file, nowMs) : null;
  return { applied: migrate(database, migrations, LEDGER_MIGRATIONS_TABLE), backup };
}

/** Tells whether a database contains a ledger. */
export function hasMigrations(database: Database): boolean {
  const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  return table.get(LEDGER_MIGRATIONS_TABLE) !== undefined;
}

/** Makes a consistent copy beside the file, named by the time: `jobs.db.2026-11-21T14-30-00-000Z.backup`. */
function backUp(database: Database, file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/gu, '-');
  const backup = `${file}.${stamp}.backup`;
  makeForOwner(backup);
  database.prepare('VACUUM INTO ?').run(backup);
  return backup;
}
