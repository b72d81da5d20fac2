import { ForeignCodeError } from '../../storage/foreign-code-error.ts';
import { type Migration, SchemaError } from '../../storage/migrate.ts';
import { loadSqlite } from '../../storage/open.ts';
import type { Database } from '../../storage/transaction.ts';
import { LEDGER_MIGRATIONS_TABLE } from './schema.ts';

/**
 * Compares a ledger's tables and indices with those that its migrations create. Throws a `SchemaError` that names a missing or
 * altered one; ignores whatever others have added.
 */
export function checkSchema(database: Database, migrations: readonly Migration[]): void {
  const found = new Map(
    readObjects(database)
      .filter(({ type }) => type !== 'trigger') // their names are separate from those of tables and indices
      .map((object) => [object.name, object]),
  );
  const faults = expectedObjects(migrations).flatMap(({ type, name, sql }) => {
    const own = found.get(name);
    if (!own) return [`${type} ${name} is missing`];
    return plain(own.sql) === plain(sql) ? [] : [`${type} ${name} was altered`];
  });
  if (faults.length > 0) throw new SchemaError(faults.join(', '), false);
}

/**
 * Refuses code that others have added and that SQLite would run whenever the ledger is written to, because it may do anything,
 * and may never end: triggers on our tables or on those that refer to them (foreign keys may change these, too), and indices
 * with expressions. Reading runs none of it. Throws a `ForeignCodeError` that names it.
 */
export function refuseForeignCode(database: Database, migrations: readonly Migration[]): void {
  const expected = expectedObjects(migrations);
  const own = new Set(expected.map(({ name }) => name.toLowerCase()));
  const ourTables = expected.filter(({ type }) => type === 'table').map(({ name }) => name.toLowerCase());
  const written = withReferring(database, [...ourTables, LEDGER_MIGRATIONS_TABLE]);
  const code = readObjects(database).filter(({ type, name, table }) => {
    if (!written.has(table.toLowerCase())) return false;
    if (type === 'trigger') return true;
    return type === 'index' && !own.has(name.toLowerCase()) && isComputed(database, name);
  });
  const [first] = code;
  if (!first) return;
  const words = code.map(({ type, name, table }) => `${type} ${name} on ${table}`).join(', ');
  throw new ForeignCodeError(words, `DROP ${first.type} ${quoted(first.name)}`);
}

/** Returns these tables, and all that refer to them by foreign keys, directly or indirectly. */
function withReferring(database: Database, tables: readonly string[]): ReadonlySet<string> {
  const keys = database
    .prepare(
      `SELECT lower(t.name) AS "from", lower(f."table") AS "to" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f
       WHERE t.type = 'table'`,
    )
    .all();
  const reached = new Set(tables);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const { from, to } of keys) if (reached.has(String(to))) reached.add(String(from));
  }
  return reached;
}

/** Tells whether an index has an expression or a condition. */
function isComputed(database: Database, index: string): boolean {
  const columns = database.prepare('SELECT cid FROM pragma_index_xinfo(?)').all(index);
  const sql = readObjects(database).find(({ name }) => name === index)?.sql ?? '';
  return columns.some(({ cid }) => Number(cid) === -2) || /\bwhere\b/iu.test(sql);
}

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  /** The table to which it belongs; for a table, its own name. */
  readonly table: string;
  readonly sql: string;
}

/**
 * Returns the objects of a database after all migrations. Cached for each list of migrations, because finding out takes a
 * database of its own.
 */
function expectedObjects(migrations: readonly Migration[]): readonly SchemaObject[] {
  const known = expectedOf.get(migrations);
  if (known) return known;
  const { DatabaseSync } = loadSqlite();
  const reference = new DatabaseSync(':memory:');
  try {
    for (const { sql } of migrations) reference.exec(sql);
    const objects = readObjects(reference);
    expectedOf.set(migrations, objects);
    return objects;
  } finally {
    reference.close();
  }
}

const expectedOf = new WeakMap<readonly Migration[], readonly SchemaObject[]>();

function readObjects(database: Database): SchemaObject[] {
  return database
    .prepare(
      `SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema
       WHERE sql IS NOT NULL AND NOT (type = 'table' AND name LIKE 'sqlite\\_%' ESCAPE '\\')`,
    )
    .all() as unknown as SchemaObject[];
}

function plain(sql: string): string {
  return sql.replace(/\s+/gu, ' ').trim();
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
