import type { Database } from './transaction.ts';

/** How many jobs are remembered, over all kinds of source. */
const JOBS_KEPT = 10_000;

/** The jobs to drop are chosen, a batch at a time, from this many of the kind's jobs that ran longest ago. */
const CANDIDATES = 1_000;
const DROPPED_AT_ONCE = 250;

/**
 * Returns a function that drops the jobs beyond `JOBS_KEPT`, and returns how many it dropped. It drops jobs of the kind of
 * source that has the most, first those that ran only once, oldest first: strangers can invent any number of jobs on a relay,
 * and must not displace what this user runs every night.
 */
export function createJobBound(database: Database): () => number {
  const countJobs = database.prepare('SELECT count(*) AS jobs FROM jobs');
  const largestKind = database.prepare(
    'SELECT kind, count(*) AS jobs FROM jobs GROUP BY kind ORDER BY jobs DESC, kind LIMIT 1',
  );
  const dropOf = database.prepare(`DELETE FROM jobs WHERE id IN (
    SELECT id FROM (SELECT id, last_run_at FROM jobs WHERE kind = ? ORDER BY last_run_at LIMIT ${CANDIDATES}) oldest
    ORDER BY (SELECT count(*) FROM runs WHERE job = oldest.id AND outcome = 'completed') > 1, last_run_at LIMIT ?)`);

  function drop(surplus: number): number {
    const { kind, jobs } = largestKind.get() as { kind: string; jobs: number };
    const dropped = Math.min(surplus, jobs);
    dropOf.run(kind, dropped);
    return dropped;
  }

  return () => {
    const surplus = Number(countJobs.get()?.jobs) - JOBS_KEPT;
    let left = surplus;
    while (left > 0) left -= drop(Math.min(left, DROPPED_AT_ONCE));
    return Math.max(0, surplus);
  };
}
