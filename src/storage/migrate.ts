import { createHash } from 'node:crypto';
import { type Database, inTransaction } from './transaction.ts';

/** A step of a schema. Once released, neither number nor text of a step ever change. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Applies what is missing, in order and in one transaction, and writes each step's checksum beside it. Throws where
 * the database was made by a newer taskglass, or by steps other than these; then nothing was changed.
 */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  inTransaction(database, () => {
    database.exec(
      'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT',
    );
    const applied = readApplied(database);
    for (const [version, checksum] of applied) refuseStranger(version, checksum, migrations);
    const insert = database.prepare('INSERT INTO migrations (version, checksum) VALUES (?, ?)');
    for (const migration of migrations.filter(({ version }) => !applied.has(version))) {
      database.exec(migration.sql);
      insert.run(migration.version, checksumOf(migration));
    }
  });
}

function readApplied(database: Database): ReadonlyMap<number, string> {
  const rows = database.prepare('SELECT version, checksum FROM migrations').all();
  return new Map(rows.map((row) => [Number(row.version), String(row.checksum)]));
}

function refuseStranger(version: number, checksum: string, migrations: readonly Migration[]): void {
  const known = migrations.find((migration) => migration.version === version);
  if (!known) throw new Error(`schema version ${version} is of a newer taskglass`);
  if (checksumOf(known) !== checksum)
    throw new Error(`schema version ${version} is not this taskglass's own`);
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}
