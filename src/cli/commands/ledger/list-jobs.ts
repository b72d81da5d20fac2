import type { TaskRecord } from '../../../ledger/types.ts';
import { EXIT } from '../../process/exit.ts';
import { FILTERS, filtersOf } from './filters.ts';
import { jobTable } from './job-table.ts';
import { countByStatus, countRuns, type Job, scheduledJobs, waitsForOthers } from './jobs.ts';
import type { ScheduledJob } from './scheduler.ts';
import type { Verb } from './verb.ts';

export const listJobs: Verb = {
  name: 'list-jobs',
  about: 'list the jobs with their tasks, runs and plans',
  examples: ['taskglass ledger list-jobs --db gut-punch.db', 'taskglass ledger list-jobs --since 7d --json'],
  options: FILTERS,
  async run(call) {
    const ledger = await call.openLedger();
    const { limit, ...filters } = filtersOf(call.options);
    const [records, scheduled] = await Promise.all([ledger.query(filters), scheduledJobs(ledger, call)]);
    const jobs = joinJobs(records, scheduled, filters).slice(0, limit);
    call.print(jobs.map(jobDocument), (page) => jobTable(jobs, page));
    return EXIT.ok;
  },
};

/**
 * Joins jobs and tasks: by name, or, if an order was asked for, by each job's first task. If tasks are filtered, jobs
 * without any are left out.
 */
function joinJobs(
  records: readonly TaskRecord[],
  scheduled: ReadonlyMap<string, ScheduledJob>,
  filters: ReturnType<typeof filtersOf>,
): Job[] {
  const { job: wanted, sort, ...narrowing } = filters;
  const byJob = Map.groupBy(records, ({ definition }) => definition.job);
  byJob.delete(null);
  const isNarrowed = Object.keys(narrowing).length > 0;
  const names = new Set(
    [...byJob.keys(), ...(isNarrowed ? [] : scheduled.keys())].filter((name) => name !== null),
  );
  const inOrder = sort === undefined ? [...names].sort() : [...names];
  return inOrder
    .filter((job) => wanted === undefined || job === wanted)
    .map((job) => ({ job, tasks: byJob.get(job) ?? [], scheduled: scheduled.get(job) ?? null }));
}

function jobDocument({ job, tasks, scheduled }: Job) {
  const last = scheduled?.runs[0];
  return {
    job,
    tasks: {
      total: tasks.length,
      byStatus: countByStatus(tasks),
      ids: tasks.map(({ definition }) => definition.id),
    },
    waitsFor: waitsForOthers(tasks),
    scheduler: scheduled && {
      isDisabled: scheduled.isDisabled,
      isRunning: scheduled.isRunning,
      queued: scheduled.queued,
      nextRunAt: scheduled.nextRunAt,
      everyMs: scheduled.everyMs,
      succeeded: countRuns(scheduled, 'success'),
      failed: countRuns(scheduled, 'failed'),
      lastRun: last
        ? {
            id: last.id,
            status: last.status,
            startedAt: last.startedAt,
            endedAt: last.endedAt,
            stale: last.stale,
          }
        : null,
    },
  };
}
