import { createHash } from 'node:crypto';
import { median } from '../model/median.ts';
import type { FinishedRun, Job, RunEvent } from '../model/run.ts';
import type { Migration } from './migrate.ts';
import { openDatabase } from './open.ts';
import { decodeEvents, encodeEvents } from './run-events.ts';
import { createJobBound } from './run-history-bound.ts';
import { type Database, inTransaction } from './transaction.ts';

/** A completed run as it is handed to an estimator. */
export interface StoredRun {
  readonly steps: readonly string[];
  readonly events: readonly RunEvent[];
  readonly durationMs: number;
}

/** What this machine remembers of earlier runs. Everything throws SQLite's error if it has one. */
export interface RunHistoryStore {
  runsLike(job: Job): { readonly of: 'job' | 'name' | 'steps'; readonly runs: readonly StoredRun[] };
  usualMs(job: Job): number | null;
  /** All or nothing. A run that is known already, also from another taskglass, is left out. */
  learn(runs: readonly FinishedRun[]): void;
  /** The same database, for what `taskglass config history` shows and does. */
  readonly database: Database;
  close(): void;
}

/** How many runs of a job are kept, and how many of them may be runs that did not complete. */
export const RUNS_KEPT = 50;
export const UNCOMPLETED_KEPT = 10;
/** A job of more steps than this is remembered by nobody. */
const MOST_STEPS = 1_000;
/** So much of the earlier runs is worth reading for one estimate: the newest of them. */
const MOST_EVENTS = 4_000;
/** With fewer runs of a job, those count too that went through as many steps by other names. */
const ENOUGH_RUNS = 3;
/** Two watchers of the same run may see its start this far apart, if it has no stamp of its own. */
const SAME_START_MS = 2_000;
/** While we wait for another process, somebody waits in front of a screen. */
const BUSY_TIMEOUT_MS = 250;

const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
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
  { version: 2, sql: 'CREATE INDEX jobs_by_kind ON jobs (kind, last_run_at)' },
  { version: 3, sql: "ALTER TABLE jobs ADD COLUMN cwd TEXT NOT NULL DEFAULT ''" },
];

/** Opens (or makes) the history at `path`; several processes may at once. Throws the system's or SQLite's error. */
export function openRunHistory(path: string): RunHistoryStore {
  const database = openDatabase(path, MIGRATIONS, { busyTimeoutMs: BUSY_TIMEOUT_MS, isDurable: false });
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
      const key = stepsKey(job);
      const runs = readRuns(sql.ofJob.iterate(kind, name, key, RUNS_KEPT));
      if (runs.length >= ENOUGH_RUNS) return { of: 'job', runs };
      const alike = readRuns(sql.ofAlike.iterate(kind, name, cwd, steps.length, RUNS_KEPT));
      if (alike.length > 0) return { of: 'job', runs: alike.map((run) => ({ ...run, steps })) };
      const ofName = readRuns(sql.ofName.iterate(kind, name, cwd, RUNS_KEPT));
      if (ofName.length > 0) return { of: 'name', runs: ofName };
      return { of: 'steps', runs: readRuns(sql.ofSteps.iterate(key, RUNS_KEPT)) };
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
 * Returns the columns of what was foretold. The process that does a task learns it as well as its watchers, but only a
 * watcher has foretold its end.
 */
function foretoldColumns(foretold: FinishedRun['foretold']): (number | null)[] {
  if (!foretold) return [null, null, null, null];
  const { t, earliest, end, latest } = foretold;
  return [t, earliest, end, latest].map(Math.round);
}

/** Tells whether a run is older than what is kept of its job: it would be dropped at once, at each start anew. */
function isPast(
  { outcome, startedAt }: FinishedRun,
  known: readonly Readonly<Record<string, unknown>>[],
): boolean {
  const isCompleted = outcome === 'completed';
  const kept = known.filter((row) => isCompleted || row.isCompleted === 0);
  const oldest = kept[(isCompleted ? RUNS_KEPT : UNCOMPLETED_KEPT) - 1];
  return oldest !== undefined && startedAt <= Number(oldest.startedAt);
}

/** Returns a short key for a list of names, however long. */
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
      `${COMPLETED_RUNS} AND jobs.kind = ? AND jobs.name = ? AND jobs.steps_key = ? ${NEWEST}`,
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
