import type { Database } from '../../storage/transaction.ts';
import { asText, columnsOf, type Row } from './tables.ts';

/** What is asked of `job_runs`: each question reads a bounded number of rows, by row id, the newest first. */
export interface RunsTable {
  /** Runs that have begun, among the newest of all. */
  recent(): Row[];
  /** How many have not, of each job, among the newest of all. */
  queued(): Row[];
  /** Runs of these jobs that have begun, further back. */
  earlier(jobs: readonly string[]): Row[];
  at(ids: readonly string[]): Row[];
  /** What a run has left: `output` and `error`. */
  outcome(id: string): Row | null;
}

/** So many of the newest rows are looked at (a scheduler adds some every second, for ever), and so many are read. */
const RECENT_ROWS = 20_000;
const RECENT_RUNS = 2_000;
const EARLIER_ROWS = 1_000_000;
const EARLIER_RUNS = 500;

const COLUMNS = ['job_name', 'queue_name', 'priority', 'status', 'started_at', 'finished_at'];

/** What SQLite calls a row's own number, unless a column of that name hides it. */
const ROW_ID_NAMES = ['rowid', '_rowid_', 'oid'];
const LEAST_ROW_ID = -(2n ** 63n);

/** null where there is no such table, or one that knows neither jobs nor statuses, nor numbers of rows. */
export function openRunsTable(database: Database): RunsTable | null {
  const present = columnsOf(database, 'job_runs');
  const rowId = ROW_ID_NAMES.find((name) => !present?.has(name));
  if (!present?.has('job_name') || !present.has('status') || !rowId) return null;
  const run = `CAST(${rowId} AS TEXT) AS id, ${asText(COLUMNS, present)}`;
  const isPending = "CAST(status AS TEXT) IN ('pending', '0')";
  const newest = BigInt(
    String(database.prepare(`SELECT CAST(max(${rowId}) AS TEXT) AS id FROM job_runs`).get()?.id ?? 0),
  );
  const recentFrom = before(newest, RECENT_ROWS);
  const all = (sql: string, ...values: (string | bigint)[]) => database.prepare(sql).all(...values) as Row[];

  return {
    recent: () =>
      all(
        `SELECT ${run} FROM job_runs WHERE ${rowId} > ? AND NOT ${isPending} ORDER BY ${rowId} DESC LIMIT ${RECENT_RUNS}`,
        recentFrom,
      ),
    queued: () =>
      all(
        `SELECT CAST(job_name AS TEXT) AS job_name, CAST(count(*) AS TEXT) AS queued
         FROM job_runs WHERE ${rowId} > ? AND ${isPending} GROUP BY 1`,
        recentFrom,
      ),
    earlier: (jobs) =>
      all(
        `SELECT ${run} FROM job_runs WHERE ${rowId} BETWEEN ? AND ? AND NOT ${isPending}
         AND job_name IN (SELECT value FROM json_each(?)) ORDER BY ${rowId} DESC LIMIT ${EARLIER_RUNS}`,
        before(recentFrom, EARLIER_ROWS),
        newest,
        JSON.stringify(jobs),
      ),
    at: (ids) =>
      all(
        `SELECT ${run} FROM job_runs
         WHERE ${rowId} IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) ORDER BY ${rowId} DESC`,
        JSON.stringify(ids),
      ),
    outcome: (id) =>
      all(
        `SELECT CAST(${rowId} AS TEXT) AS id, ${asText(['output', 'error'], present)} FROM job_runs WHERE ${rowId} = ?`,
        BigInt(id),
      )[0] ?? null,
  };
}

function before(rowId: bigint, rows: number): bigint {
  const id = rowId - BigInt(rows);
  return id < LEAST_ROW_ID ? LEAST_ROW_ID : id;
}
