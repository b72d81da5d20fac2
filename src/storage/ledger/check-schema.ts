import { type Migration, SchemaError } from '../migrate.ts';
import { loadSqlite } from '../open.ts';
import type { Database } from '../transaction.ts';

/**
 * Compares a ledger's tables and indices with those that its migrations make. Throws a `SchemaError` that names what is
 * missing or was altered; what others have added is theirs.
 */
export function checkSchema(database: Database, migrations: readonly Migration[]): void {
  const found = new Map(readObjects(database).map((object) => [object.name, object]));
  const faults = expectedObjects(migrations).flatMap(({ type, name, sql }) => {
    const own = found.get(name);
    if (!own) return [`${type} ${name} is missing`];
    return plain(own.sql) === plain(sql) ? [] : [`${type} ${name} was altered`];
  });
  if (faults.length > 0) throw new SchemaError(faults.join(', '), false);
}

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

function expectedObjects(migrations: readonly Migration[]): SchemaObject[] {
  const { DatabaseSync } = loadSqlite();
  const reference = new DatabaseSync(':memory:');
  try {
    for (const { sql } of migrations) reference.exec(sql);
    return readObjects(reference);
  } finally {
    reference.close();
  }
}

function readObjects(database: Database): SchemaObject[] {
  return database
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    .all() as unknown as SchemaObject[];
}

function plain(sql: string): string {
  return sql.replace(/\s+/gu, ' ').trim();
}
