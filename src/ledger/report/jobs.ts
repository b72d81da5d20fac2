import { countOutcomes, durationsOf, type End, rate } from './statistics.ts';
import type { EndedAttempt, JobHealth, JobReport, ReportedRun, ReportedTask, ReportInput } from './types.ts';

/** A run that is due for longer than this is overdue, and not merely waiting for its turn. */
const OVERDUE_AFTER_MS = 60_000;

/** Reports on each job, by name; ignores tasks without one. */
export function reportJobs(input: ReportInput, nowMs: number): JobReport[] {
  const { tasks, attempts, runs, nextRuns, staleJobs } = input;
  const of = {
    tasks: Map.groupBy(tasks, ({ job }) => job),
    attempts: Map.groupBy(attempts, ({ job }) => job),
    runs: Map.groupBy<string | null, ReportedRun>(runs, ({ job }) => job),
  };
  const names = [of.tasks, of.attempts, of.runs, nextRuns, staleJobs].flatMap((each) => [...each.keys()]);
  const jobs = new Set(names.filter((job) => job !== null));
  return [...jobs].sort().map((job) =>
    reportJob(job, {
      tasks: of.tasks.get(job) ?? [],
      attempts: of.attempts.get(job) ?? [],
      runs: of.runs.get(job) ?? [],
      nextRunAt: nextRuns.get(job) ?? null,
      isStale: staleJobs.has(job),
      nowMs,
    }),
  );
}

function reportJob(
  job: string,
  own: {
    readonly tasks: readonly ReportedTask[];
    readonly attempts: readonly EndedAttempt[];
    readonly runs: readonly ReportedRun[];
    readonly nextRunAt: number | null;
    readonly isStale: boolean;
    readonly nowMs: number;
  },
): JobReport {
  const { tasks, attempts, runs, nextRunAt, isStale } = own;
  const last = newest([...attempts, ...runs]);
  const { completed, failed } = countOutcomes(attempts);
  const ofRuns = countOutcomes(runs);
  const isScheduled = runs.length > 0 || nextRunAt !== null || isStale;
  return {
    job,
    health: healthOf(last, own),
    tasks: tasks.length,
    completed,
    failed,
    successRate: rate(completed, completed + failed),
    durations: durationsOf(attempts),
    lastEndedAt: last?.endedAt ?? null,
    runs: isScheduled ? { completed: ofRuns.completed, failed: ofRuns.failed, nextRunAt } : null,
  };
}

/** Returns the last attempt to end, ignoring cancelled ones, which say nothing about a job. */
function newest(ends: readonly End[]): End | null {
  return ends
    .filter(({ outcome }) => outcome !== 'cancelled')
    .reduce<End | null>((last, end) => (last && last.endedAt >= end.endedAt ? last : end), null);
}

function healthOf(
  last: End | null,
  { nextRunAt, isStale, nowMs }: { nextRunAt: number | null; isStale: boolean; nowMs: number },
): JobHealth {
  if (isStale) return 'stale';
  if (last?.outcome === 'failed') return 'failing';
  if (nextRunAt !== null && nowMs - nextRunAt > OVERDUE_AFTER_MS) return 'overdue';
  return last ? 'ok' : 'unknown';
}
