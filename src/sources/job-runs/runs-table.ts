import { asText, type Row, type Table } from '../../storage/foreign-tables.ts';
import type { Database } from '../../storage/transaction.ts';
import type { RunsShape } from './shape.ts';

/** The queries on a table of runs; rows come newest first. */
export interface RunsTable {
  /** Returns runs that have begun, from the newest rows of all jobs. */
  recent(): Row[];
  /** Returns how many have not begun, for each job, in the newest rows of all. */
  queued(): Row[];
  /** Returns runs of these jobs that have begun, from further back. */
  earlier(jobs: readonly string[]): Row[];
  at(ids: readonly string[]): Row[];
  /** Returns what a run has left: `output` and `error`. */
  outcome(id: string): Row | null;
}

/** How many of the newest rows are looked at (a scheduler may add some every second, forever), and how many are read. */
const RECENT_ROWS = 20_000;
const RECENT_RUNS = 2_000;
const EARLIER_ROWS = 1_000_000;
const EARLIER_RUNS = 500;
/** If rows have no number, each query reads them all: this many runs of each job are kept, and of all. */
const RUNS_OF_EACH = 50;
const RUNS_OF_ALL = 20_000;
/** How much of an output is read with each of these runs, in characters. */
const SHORT_TEXT = 4_000;

const COLUMNS = ['queue_name', 'priority', 'started_at', 'finished_at', 'duration_ms'];
const LEAST_ROW_ID = -(2n ** 63n);

export function openRunsTable(database: Database, table: Table, shape: RunsShape): RunsTable {
  return table.rowId === null
    ? createUnnumberedTable(database, table, shape)
    : createNumberedTable(database, table, shape, table.rowId);
}

/** Creates the reader of a table with row ids: each query reads a limited number of rows. */
function createNumberedTable(
  database: Database,
  { name }: Table,
  shape: RunsShape,
  rowId: string,
): RunsTable {
  const { job, isPending } = shape;
  const run = `CAST(${rowId} AS TEXT) AS id, ${runColumns(shape)}`;
  const newest = BigInt(
    String(database.prepare(`SELECT CAST(max(${rowId}) AS TEXT) AS id FROM ${name}`).get()?.id ?? 0),
  );
  const recentFrom = before(newest, RECENT_ROWS);
  const all = (sql: string, ...values: (string | bigint)[]) => database.prepare(sql).all(...values) as Row[];

  return {
    recent: () =>
      all(
        `SELECT ${run} FROM ${name} WHERE ${rowId} > ? AND NOT ${isPending} ORDER BY ${rowId} DESC LIMIT ${RECENT_RUNS}`,
        recentFrom,
      ),
    queued: () =>
      all(`SELECT ${countOf(job)} FROM ${name} WHERE ${rowId} > ? AND ${isPending} GROUP BY 1`, recentFrom),
    earlier: (jobs) =>
      all(
        `SELECT ${run} FROM ${name} WHERE ${rowId} BETWEEN ? AND ? AND NOT ${isPending}
         AND ${job} IN (SELECT value FROM json_each(?)) ORDER BY ${rowId} DESC LIMIT ${EARLIER_RUNS}`,
        before(recentFrom, EARLIER_ROWS),
        newest,
        JSON.stringify(jobs),
      ),
    at: (ids) =>
      all(
        `SELECT ${run} FROM ${name}
         WHERE ${rowId} IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) ORDER BY ${rowId} DESC`,
        JSON.stringify(ids),
      ),
    outcome: (id) =>
      all(
        `SELECT CAST(${rowId} AS TEXT) AS id, ${columns(shape, ['output', 'error'])} FROM ${name} WHERE ${rowId} = ?`,
        BigInt(id),
      )[0] ?? null,
  };
}

/** Creates the reader of a view, or of a table WITHOUT ROWID: each query goes through all rows. */
function createUnnumberedTable(database: Database, { name }: Table, shape: RunsShape): RunsTable {
  const { job, isPending, newestFirst, meanings } = shape;
  const id = meanings.id
    ? asText(meanings.id, SHORT_TEXT)
    : `CAST(row_number() OVER (ORDER BY ${newestFirst}) AS TEXT)`;
  const outcomes = new Map<string, Row>();

  return {
    recent() {
      const rows = database
        .prepare(
          `SELECT * FROM (
             SELECT ${id} AS id, ${runColumns(shape)}, ${columns(shape, ['output', 'error'], SHORT_TEXT)},
               row_number() OVER (PARTITION BY ${job} ORDER BY ${newestFirst}) AS place
             FROM ${name} WHERE NOT ${isPending})
           WHERE place <= ${RUNS_OF_EACH} ORDER BY place LIMIT ${RUNS_OF_ALL}`,
        )
        .all() as Row[];
      return rows.map(({ output = null, error = null, place: _, ...run }) => {
        if (run.id) outcomes.set(run.id, { id: run.id, output, error });
        return run;
      });
    },
    queued: () =>
      database.prepare(`SELECT ${countOf(job)} FROM ${name} WHERE ${isPending} GROUP BY 1`).all() as Row[],
    earlier: () => [],
    at: () => [],
    outcome: (id) => outcomes.get(id) ?? null,
  };
}

function countOf(job: string): string {
  return `CAST(${job} AS TEXT) AS job, CAST(count(*) AS TEXT) AS queued`;
}

function runColumns(shape: RunsShape): string {
  return `${asText(shape.job)} AS job, ${asText(shape.status)} AS status, ${columns(shape, COLUMNS)}`;
}

/** Returns a list for SELECT: a meaning for which the table has no column is NULL. */
function columns({ meanings }: RunsShape, names: readonly string[], length?: number): string {
  return names
    .map((name) => (meanings[name] ? `${asText(meanings[name], length)} AS ${name}` : `NULL AS ${name}`))
    .join(', ');
}

function before(rowId: bigint, rows: number): bigint {
  const id = rowId - BigInt(rows);
  return id < LEAST_ROW_ID ? LEAST_ROW_ID : id;
}
