import { createHash } from 'node:crypto';
import { type Database, inTransaction } from './transaction.ts';

/** A step of a schema. Once released, neither its number nor its text may change. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
  /** The SHA-256 of `sql` in hex, if computing it would take too long (Node loads all of its cryptography for that). */
  readonly checksum?: string;
  /** Whether it changes the contents of tables and not only their structure, so that a backup is worthwhile. */
  readonly changesData?: boolean;
}

/** Thrown if a database's schema is not one of ours; nothing was changed. */
export class SchemaError extends Error {
  readonly isNewer: boolean;

  constructor(message: string, isNewer: boolean) {
    super(message);
    this.name = 'SchemaError';
    this.isNewer = isNewer;
  }
}

/** The table that records the applied steps. */
const USUAL_TABLE = 'migrations';

/**
 * Applies the missing steps, in order and in one transaction, and records each with its checksum. Returns the versions that it
 * applied. Throws a `SchemaError` and changes nothing if the database was created by a newer taskglass, or by other steps
 * than these.
 */
export function migrate(
  database: Database,
  migrations: readonly Migration[],
  table: string = USUAL_TABLE,
): number[] {
  return inTransaction(database, () => {
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${table} (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT`,
    );
    const missing = pendingMigrations(database, migrations, table);
    const insert = database.prepare(`INSERT INTO ${table} (version, checksum) VALUES (?, ?)`);
    for (const migration of missing) {
      database.exec(migration.sql);
      insert.run(migration.version, checksumOf(migration));
    }
    return missing.map(({ version }) => version);
  });
}

/**
 * Returns the migrations that are still to be applied. Changes nothing; `table` must exist. Throws as `migrate` does.
 */
export function pendingMigrations(
  database: Database,
  migrations: readonly Migration[],
  table: string = USUAL_TABLE,
): Migration[] {
  const rows = database.prepare(`SELECT version, checksum FROM ${table}`).all();
  const applied = new Map(rows.map((row) => [Number(row.version), String(row.checksum)]));
  for (const [version, checksum] of applied) refuseStranger(version, checksum, migrations);
  return migrations.filter(({ version }) => !applied.has(version));
}

function refuseStranger(version: number, checksum: string, migrations: readonly Migration[]): void {
  const known = migrations.find((migration) => migration.version === version);
  if (!known) throw new SchemaError(`schema version ${version} comes from a newer taskglass`, true);
  if (checksumOf(known) !== checksum)
    throw new SchemaError(`schema version ${version} is not this taskglass's own`, false);
}

function checksumOf({ sql, checksum }: Migration): string {
  return checksum ?? createHash('sha256').update(sql).digest('hex');
}
