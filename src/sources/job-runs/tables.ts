import type { Database } from '../../storage/transaction.ts';

/** A row whose columns were all asked for as text: both dialects read alike, and no number is too large to be read. */
export type Row = Readonly<Record<string, string | null>>;

/** In characters; what is longer is cut at the door. */
const TEXT_LENGTH = 70_000;

/** All rows of a table, at most `limit`, with these columns (null where it has no such column); null without it. */
export function readTable(
  database: Database,
  table: string,
  columns: readonly string[],
  limit: number,
): Row[] | null {
  const present = columnsOf(database, table);
  if (!present) return null;
  return database.prepare(`SELECT ${asText(columns, present)} FROM ${table} LIMIT ${limit}`).all() as Row[];
}

/** A table's columns, in lower case; null where there is none of this name (a view may do anything, and is none). */
export function columnsOf(database: Database, table: string): ReadonlySet<string> | null {
  const found = database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND lower(name) = ? AND sql NOT LIKE 'CREATE VIRTUAL%'",
    )
    .get(table);
  if (!found) return null;
  const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  return new Set(columns.map(({ name }) => String(name).toLowerCase()));
}

/** A list for SELECT. */
export function asText(columns: readonly string[], present: ReadonlySet<string>): string {
  return columns
    .map((name) =>
      present.has(name) ? `substr(CAST(${name} AS TEXT), 1, ${TEXT_LENGTH}) AS ${name}` : `NULL AS ${name}`,
    )
    .join(', ');
}
