import { createHash } from 'node:crypto';
import { median } from '../model/median.ts';
import type { FinishedRun, Job, RunEvent } from '../model/run.ts';
import type { Migration } from './migrate.ts';
import { openDatabase } from './open.ts';
import { decodeEvents, encodeEvents } from './run-events.ts';
import { createJobBound } from './run-history-bound.ts';
import { type Database, inTransaction } from './transaction.ts';

/** A completed run as an estimator takes it. */
export interface StoredRun {
  readonly steps: readonly string[];
  readonly events: readonly RunEvent[];
  readonly durationMs: number;
}

/** What this machine remembers about earlier runs. Every method throws SQLite's error if one occurs. */
export interface RunHistoryStore {
  runsLike(job: Job): { readonly of: 'job' | 'name' | 'steps'; readonly runs: readonly StoredRun[] };
  usualMs(job: Job): number | null;
  /** Stores runs in one transaction. Leaves out those that are known already, also from another taskglass. */
  learn(runs: readonly FinishedRun[]): void;
  /** The database, for `taskglass config history`. */
  readonly database: Database;
  close(): void;
}

/** How many runs of a job are kept, and at most how many of them that did not complete. */
export const RUNS_KEPT = 50;
export const UNCOMPLETED_KEPT = 10;
/** A job with more steps than this is not remembered. */
const MOST_STEPS = 1_000;
/** How many events of earlier runs, the newest first, are read for one estimate. */
const MOST_EVENTS = 4_000;
/** With fewer runs of a job than this, runs with the same number of steps under other names count, too. */
const ENOUGH_RUNS = 3;
/** Two watchers of a run may differ by this much about its start, if it has no timestamp of its own. */
const SAME_START_MS = 2_000;
/** Short, because the screen waits as well. */
const BUSY_TIMEOUT_MS = 250;

export const HISTORY_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    checksum: 'b8bbbb7f492fb4e01e2c6b848190dbc49fe4666ca2136d2ed1b4914b89e77cf9',
    sql: `
      CREATE TABLE jobs (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, steps TEXT NOT NULL, steps_key TEXT NOT NULL,
        last_run_at INTEGER NOT NULL, UNIQUE (kind, name, steps_key)
      ) STRICT;
      CREATE INDEX jobs_by_steps ON jobs (steps_key, last_run_at);
      CREATE INDEX jobs_by_last_run ON jobs (last_run_at);
      CREATE TABLE runs (
        id INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        task TEXT NOT NULL, started_at INTEGER NOT NULL, duration_ms INTEGER NOT NULL, outcome TEXT NOT NULL,
        events TEXT NOT NULL, foretold_t INTEGER, earliest INTEGER, foretold_end INTEGER, latest INTEGER
      ) STRICT;
      CREATE INDEX runs_by_task ON runs (task, started_at);
      CREATE INDEX runs_by_job ON runs (job, outcome, started_at);
      CREATE INDEX runs_by_band ON runs (latest, earliest, duration_ms)
        WHERE outcome = 'completed' AND latest IS NOT NULL;
      CREATE TABLE forgotten (kind TEXT NOT NULL, name TEXT NOT NULL, steps_key TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (kind, name, steps_key)) STRICT, WITHOUT ROWID;`,
  },
  {
    version: 2,
    checksum: '65b092cd7d51a00a8b7246c2ef9651b494c20432ac4a6151ad7057e72069cd72',
    sql: 'CREATE INDEX jobs_by_kind ON jobs (kind, last_run_at)',
  },
  {
    version: 3,
    checksum: 'd6d32d86edcb872a055eb9269a37150a5c9354f037efa279e21bac720672570e',
    sql: "ALTER TABLE jobs ADD COLUMN cwd TEXT NOT NULL DEFAULT ''",
  },
];

/** Opens or creates the history at `path`, which several processes may share. Throws the system's or SQLite's error. */
export function openRunHistory(path: string): RunHistoryStore {
  const database = openDatabase(path, HISTORY_MIGRATIONS, {
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    isDurable: false,
  });
  const sql = prepare(database);
  const dropSurplusJobs = createJobBound(database);

  function readRuns(rows: Iterable<Readonly<Record<string, unknown>>>): StoredRun[] {
    const runs: StoredRun[] = [];
    let events = 0;
    for (const row of rows) {
      const run = {
        steps: JSON.parse(String(row.steps)) as string[],
        events: decodeEvents(String(row.events)),
        durationMs: Number(row.duration),
      };
      events += run.events.length;
      if (events > MOST_EVENTS && runs.length > 0) break;
      runs.push(run);
    }
    return runs.reverse();
  }

  function add(run: FinishedRun): void {
    const { job } = run;
    if (job.steps.length > MOST_STEPS) return;
    const key = stepsKey(job);
    const endedAt = run.startedAt + run.durationMs;
    const task = digest(run.task);
    const foretold = foretoldColumns(run.foretold);
    const known = sql.known.get(task, run.startedAt - SAME_START_MS, run.startedAt + SAME_START_MS);
    if (known) {
      if (run.foretold && known.latest === null) sql.putForetold.run(...foretold, Number(known.id));
      return;
    }
    if (sql.isForgotten.get(job.kind, job.name, key, endedAt)) return;
    if (isPast(run, sql.runsOf.all(job.kind, job.name, key))) return;
    const id = Number(
      sql.putJob.get(job.kind, job.name, job.cwd ?? '', JSON.stringify(job.steps), key, endedAt)?.id,
    );
    sql.putRun.run(
      id,
      task,
      run.startedAt,
      Math.round(run.durationMs),
      run.outcome,
      encodeEvents(run.events),
      ...foretold,
    );
    sql.dropUncompleted.run(id, id, UNCOMPLETED_KEPT);
    sql.dropRuns.run(id, id, RUNS_KEPT);
  }

  return {
    runsLike(job) {
      const { kind, name, cwd = '', steps } = job;
      // Look up the steps and not their key: for the hash, Node would have to load all of its cryptography.
      const runs = readRuns(sql.ofJob.iterate(kind, name, cwd, JSON.stringify(steps), RUNS_KEPT));
      if (runs.length >= ENOUGH_RUNS) return { of: 'job', runs };
      const alike = readRuns(sql.ofAlike.iterate(kind, name, cwd, steps.length, RUNS_KEPT));
      if (alike.length > 0) return { of: 'job', runs: alike.map((run) => ({ ...run, steps })) };
      const ofName = readRuns(sql.ofName.iterate(kind, name, cwd, RUNS_KEPT));
      if (ofName.length > 0) return { of: 'name', runs: ofName };
      return { of: 'steps', runs: readRuns(sql.ofSteps.iterate(stepsKey(job), RUNS_KEPT)) };
    },
    usualMs({ kind, name, cwd = '' }) {
      return median(sql.durations.all(kind, name, cwd, RUNS_KEPT).map((row) => Number(row.duration)));
    },
    learn(runs) {
      inTransaction(database, () => {
        for (const run of runs) add(run);
        dropSurplusJobs();
      });
    },
    database,
    close: () => database.close(),
  };
}

/**
 * Returns the columns of an estimate. They are null if the process that did the task learnt the run: only its watchers
 * estimate its end.
 */
function foretoldColumns(foretold: FinishedRun['foretold']): (number | null)[] {
  if (!foretold) return [null, null, null, null];
  const { t, earliest, end, latest } = foretold;
  return [t, earliest, end, latest].map(Math.round);
}

/** Tells whether a run is older than those kept of its job: it would be stored and dropped again at each start. */
function isPast(
  { outcome, startedAt }: FinishedRun,
  known: readonly Readonly<Record<string, unknown>>[],
): boolean {
  const isCompleted = outcome === 'completed';
  const kept = known.filter((row) => isCompleted || row.isCompleted === 0);
  const oldest = kept[(isCompleted ? RUNS_KEPT : UNCOMPLETED_KEPT) - 1];
  return oldest !== undefined && startedAt <= Number(oldest.startedAt);
}

/** Returns a key of fixed length for a job's directory and steps. */
function stepsKey({ cwd, steps }: Job): string {
  return digest(JSON.stringify(cwd ? [cwd, steps] : steps));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

const COMPLETED_RUNS = `
  SELECT jobs.steps AS steps, runs.events AS events, runs.duration_ms AS duration
  FROM jobs JOIN runs ON runs.job = jobs.id WHERE runs.outcome = 'completed'`;
const NEWEST = 'ORDER BY runs.started_at DESC LIMIT ?';

function prepare(database: Database) {
  const statement = (text: string) => database.prepare(text);
  return {
    ofJob: statement(
      `${COMPLETED_RUNS} AND jobs.kind = ? AND jobs.name = ? AND jobs.cwd = ? AND jobs.steps = ? ${NEWEST}`,
    ),
    ofAlike: statement(`${COMPLETED_RUNS} AND jobs.kind = ? AND jobs.name = ? AND jobs.cwd = ?
      AND json_array_length(jobs.steps) = ? ${NEWEST}`),
    ofName: statement(`${COMPLETED_RUNS} AND jobs.kind = ? AND jobs.name = ? AND jobs.cwd = ? ${NEWEST}`),
    ofSteps: statement(`${COMPLETED_RUNS} AND jobs.id IN
      (SELECT id FROM jobs WHERE steps_key = ? ORDER BY last_run_at DESC LIMIT 20) ${NEWEST}`),
    durations: statement(`SELECT runs.duration_ms AS duration FROM jobs JOIN runs ON runs.job = jobs.id
      WHERE runs.outcome = 'completed' AND jobs.kind = ? AND jobs.name = ? AND jobs.cwd = ? ${NEWEST}`),
    runsOf: statement(`SELECT runs.started_at AS startedAt, runs.outcome = 'completed' AS isCompleted
      FROM jobs JOIN runs ON runs.job = jobs.id
      WHERE jobs.kind = ? AND jobs.name = ? AND jobs.steps_key = ? ORDER BY runs.started_at DESC`),
    known: statement('SELECT id, latest FROM runs WHERE task = ? AND started_at BETWEEN ? AND ?'),
    putForetold: statement(
      'UPDATE runs SET foretold_t = ?, earliest = ?, foretold_end = ?, latest = ? WHERE id = ?',
    ),
    isForgotten: statement(`SELECT 1 FROM forgotten
      WHERE (kind, name, steps_key) IN (VALUES (?, ?, ?), ('', '', '')) AND at >= ?`),
    putJob:
      statement(`INSERT INTO jobs (kind, name, cwd, steps, steps_key, last_run_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET last_run_at = max(last_run_at, excluded.last_run_at) RETURNING id`),
    putRun: statement(`INSERT INTO runs (job, task, started_at, duration_ms, outcome, events,
      foretold_t, earliest, foretold_end, latest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    dropUncompleted: statement(`DELETE FROM runs WHERE job = ? AND outcome <> 'completed' AND id NOT IN
      (SELECT id FROM runs WHERE job = ? AND outcome <> 'completed' ORDER BY started_at DESC LIMIT ?)`),
    dropRuns: statement(`DELETE FROM runs WHERE job = ? AND id NOT IN
      (SELECT id FROM runs WHERE job = ? ORDER BY started_at DESC LIMIT ?)`),
  };
}
