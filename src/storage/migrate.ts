import { createHash } from 'node:crypto';
import { type Database, inTransaction } from './transaction.ts';

/** A step of a schema. Once released, neither number nor text of a step ever change. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
  /** The SHA-256 of `sql` in hexadecimal, where to compute it (Node loads all of its cryptography for that) takes too long. */
  readonly checksum?: string;
  /** It changes what is in the tables, not only what tables there are: worth a backup. */
  readonly changesData?: boolean;
}

/** The database's schema is not one of ours; nothing was changed. */
export class SchemaError extends Error {
  readonly isNewer: boolean;

  constructor(message: string, isNewer: boolean) {
    super(message);
    this.name = 'SchemaError';
    this.isNewer = isNewer;
  }
}

/** Where the steps that were applied are written down. */
const USUAL_TABLE = 'migrations';

/**
 * Applies what is missing, in order and in one transaction, and writes each step's checksum beside it. Returns the
 * versions that it applied. Throws a `SchemaError` where the database was made by a newer taskglass, or by steps other
 * than these; then nothing was changed.
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
 * Returns the part of `migrations` that is still to be applied. Changes nothing, needs the table, and throws as
 * `migrate` does.
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
