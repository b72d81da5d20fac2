import { type BandScore, RUN_OUTCOMES, type RunOutcome } from '../model/run.ts';
import { createJobBound } from './run-history-bound.ts';
import { type Database, inTransaction } from './transaction.ts';

/** What is remembered about one job. */
export interface RememberedJob {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  /** The directory in which it runs; empty if that is not known. */
  readonly cwd: string;
  readonly steps: readonly string[];
  readonly runs: Readonly<Record<RunOutcome, number>>;
  /** How long completed runs took, shortest first. */
  readonly durationsMs: readonly number[];
  /** Epoch ms. */
  readonly lastRunAt: number;
  readonly score: BandScore;
}

/** Returns every remembered job, the one that ran last first. */
export function listJobs(database: Database): RememberedJob[] {
  const jobs = database
    .prepare(
      'SELECT id, kind, name, cwd, steps, last_run_at AS lastRunAt FROM jobs ORDER BY last_run_at DESC, id',
    )
    .all();
  const runs = database
    .prepare(
      `SELECT job, outcome, duration_ms AS durationMs, outcome = 'completed' AND latest IS NOT NULL AS isForetold,
         duration_ms BETWEEN earliest AND latest AS hasHeld
       FROM runs ORDER BY duration_ms`,
    )
    .all();
  const byJob = Map.groupBy(runs, (run) => Number(run.job));
  return jobs.map((job) => {
    const own = byJob.get(Number(job.id)) ?? [];
    const ended = (outcome: RunOutcome) => own.filter((run) => run.outcome === outcome);
    const foretold = own.filter((run) => run.isForetold === 1);
    return {
      id: Number(job.id),
      kind: String(job.kind),
      name: String(job.name),
      cwd: String(job.cwd),
      steps: JSON.parse(String(job.steps)) as string[],
      runs: Object.fromEntries(RUN_OUTCOMES.map((outcome) => [outcome, ended(outcome).length])) as Record<
        RunOutcome,
        number
      >,
      durationsMs: ended('completed').map((run) => Number(run.durationMs)),
      lastRunAt: Number(job.lastRunAt),
      score: { foretold: foretold.length, held: foretold.filter((run) => run.hasHeld === 1).length },
    };
  });
}

/** Returns how many ends of all jobs came within the band of their estimate. */
export function bandScore(database: Database): BandScore {
  const row = database
    .prepare(
      `SELECT count(latest) AS foretold, coalesce(sum(duration_ms BETWEEN earliest AND latest), 0) AS held
       FROM runs WHERE outcome = 'completed' AND latest IS NOT NULL`,
    )
    .get();
  return { foretold: Number(row?.foretold ?? 0), held: Number(row?.held ?? 0) };
}

/** Removes runs that ended before `endedBefore` (epoch ms), jobs without runs, and jobs beyond the bound. Returns how many. */
export function pruneHistory(database: Database, endedBefore: number): { runs: number; jobs: number } {
  const removed = inTransaction(database, () => {
    const remove = (sql: string, value: number) => Number(database.prepare(sql).run(value).changes);
    const runs = remove('DELETE FROM runs WHERE started_at + duration_ms < ?', endedBefore);
    database.prepare('DELETE FROM forgotten WHERE at < ?').run(endedBefore);
    const jobs =
      remove('DELETE FROM jobs WHERE last_run_at < ? OR id NOT IN (SELECT job FROM runs)', endedBefore) +
      createJobBound(database)();
    return { runs, jobs };
  });
  database.exec('VACUUM');
  return removed;
}

/** Forgets one job. Its runs that ended by `atMs` (epoch ms) are not learnt again. */
export function forgetJob(database: Database, id: number, atMs: number): void {
  inTransaction(database, () => {
    database
      .prepare('INSERT OR REPLACE INTO forgotten SELECT kind, name, steps_key, ? FROM jobs WHERE id = ?')
      .run(atMs, id);
    database.prepare('DELETE FROM jobs WHERE id = ?').run(id);
  });
  database.exec('VACUUM');
}

/** Forgets all jobs. Runs that ended by `atMs` (epoch ms) are not learnt again. Returns how many jobs there were. */
export function forgetAll(database: Database, atMs: number): number {
  const forgotten = inTransaction(database, () => {
    database.exec('DELETE FROM forgotten');
    database.prepare("INSERT INTO forgotten VALUES ('', '', '', ?)").run(atMs);
    return Number(database.prepare('DELETE FROM jobs').run().changes);
  });
  database.exec('VACUUM');
  return forgotten;
}
