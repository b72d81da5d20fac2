import type { Database } from './transaction.ts';

/** A row with all columns as text, so that all dialects look the same, and no number is too large to read. */
export type Row = Readonly<Record<string, string | null>>;

/** Longer values are cut by SQLite already, in characters. */
const TEXT_LENGTH = 70_000;

/** A table or a view, with what matters for reading it. */
export interface Table {
  /** Quoted, for SQL. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly foreignKeys: readonly ForeignKey[];
  /** The name by which a row's own number can be read here; null if it has none, or columns hide all its names. */
  readonly rowId: string | null;
  /** Whether reading a row runs no code from the file: it is not a view and has no computed column. */
  readonly isStored: boolean;
}

export interface Column {
  readonly name: string;
  /** As declared; empty if it has none. */
  readonly type: string;
}

interface ForeignKey {
  readonly from: string;
  readonly table: string;
  /** Null for the primary key. */
  readonly to: string | null;
}

const ROW_ID_NAMES = ['rowid', '_rowid_', 'oid'];
/** How `pragma_table_xinfo` marks a generated column. */
const GENERATED = [2, 3];

/**
 * Finds the table or view with this name (in lower case); null if there is none, or if it is virtual, because reading that
 * may do anything.
 */
export function findTable(database: Database, name: string): Table | null {
  const found = database
    .prepare(
      `SELECT name, type, sql LIKE 'CREATE VIRTUAL%' AS isVirtual FROM sqlite_schema
       WHERE type IN ('table', 'view') AND lower(name) = ?`,
    )
    .get(name);
  if (!found || found.isVirtual === 1) return null;
  const columns = database
    .prepare('SELECT name, type, hidden FROM pragma_table_xinfo(?)')
    .all(String(found.name));
  const taken = new Set(columns.map((column) => String(column.name).toLowerCase()));
  const isView = found.type === 'view';
  const hasRowId = !isView && !isWithoutRowId(database, String(found.name));
  return {
    name: quoted(String(found.name)),
    columns: columns.map(({ name, type }) => ({ name: String(name), type: String(type).toLowerCase() })),
    foreignKeys: database
      .prepare('SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)')
      .all(String(found.name))
      .map(({ from, table, to }) => {
        return {
          from: String(from),
          table: String(table).toLowerCase(),
          to: to === null ? null : String(to),
        };
      }),
    rowId: (hasRowId && ROW_ID_NAMES.find((id) => !taken.has(id))) || null,
    isStored: !isView && !columns.some(({ hidden }) => GENERATED.includes(Number(hidden))),
  };
}

function isWithoutRowId(database: Database, table: string): boolean {
  return database.prepare('SELECT wr FROM pragma_table_list(?)').get(table)?.wr === 1;
}

/** Quotes a name for SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Returns SQL that turns a value of any type into text of at most `length` characters. */
export function asText(sql: string, length = TEXT_LENGTH): string {
  return `substr(CAST(${sql} AS TEXT), 1, ${length})`;
}
