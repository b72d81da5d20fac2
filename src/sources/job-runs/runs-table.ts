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

/** null where there is no such table, or one that knows neither jobs nor statuses. */
export function openRunsTable(database: Database): RunsTable | null {
  const present = columnsOf(database, 'job_runs');
  if (!present?.has('job_name') || !present.has('status')) return null;
  const run = `CAST(rowid AS TEXT) AS id, ${asText(COLUMNS, present)}`;
  const isPending = "CAST(status AS TEXT) IN ('pending', '0')";
  const newest = BigInt(
    String(database.prepare('SELECT CAST(max(rowid) AS TEXT) AS id FROM job_runs').get()?.id ?? 0),
  );
  const recentFrom = newest - BigInt(RECENT_ROWS);
  const all = (sql: string, ...values: (string | bigint)[]) => database.prepare(sql).all(...values) as Row[];

  return {
    recent: () =>
      all(
        `SELECT ${run} FROM job_runs WHERE rowid > ? AND NOT ${isPending} ORDER BY rowid DESC LIMIT ${RECENT_RUNS}`,
        recentFrom,
      ),
    queued: () =>
      all(
        `SELECT CAST(job_name AS TEXT) AS job_name, CAST(count(*) AS TEXT) AS queued
         FROM job_runs WHERE rowid > ? AND ${isPending} GROUP BY 1`,
        recentFrom,
      ),
    earlier: (jobs) =>
      all(
        `SELECT ${run} FROM job_runs WHERE rowid BETWEEN ? AND ? AND NOT ${isPending}
         AND job_name IN (SELECT value FROM json_each(?)) ORDER BY rowid DESC LIMIT ${EARLIER_RUNS}`,
        recentFrom - BigInt(EARLIER_ROWS),
        newest,
        JSON.stringify(jobs),
      ),
    at: (ids) =>
      all(
        `SELECT ${run} FROM job_runs
         WHERE rowid IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) ORDER BY rowid DESC`,
        JSON.stringify(ids),
      ),
    outcome: (id) =>
      all(
        `SELECT CAST(rowid AS TEXT) AS id, ${asText(['output', 'error'], present)} FROM job_runs WHERE rowid = ?`,
        BigInt(id),
      )[0] ?? null,
  };
}
