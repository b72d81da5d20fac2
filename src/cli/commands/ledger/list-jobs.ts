import { plainName } from '../../../model/text.ts';
import { durationText, momentText } from '../../../present/duration.ts';
import { type Line, type Segment, segment, textLine } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import type { ScheduledJob } from '../../../sources/ledger/scheduler.ts';
import type { TaskRecord } from '../../../sources/ledger/types.ts';
import { EXIT } from '../../exit.ts';
import { addFilters, filtersOf } from './filters.ts';
import { scheduledJobs } from './jobs.ts';
import { type ShownStatus, shownStatus, statusCell } from './task-words.ts';
import type { Page, Verb } from './verb.ts';

export const listJobs: Verb = {
  form: 'list-jobs',
  about: 'list the jobs: their tasks, runs and plans',
  examples: ['taskglass ledger list-jobs --db gut-punch.db', 'taskglass ledger list-jobs --since 7d --json'],
  addOptions: addFilters,
  async run(call) {
    const ledger = await call.openLedger();
    const { limit, ...filters } = filtersOf(call.options);
    const [records, scheduled] = await Promise.all([ledger.query(filters), scheduledJobs(ledger, call)]);
    const jobs = joinJobs(records, scheduled, filters).slice(0, limit);
    call.print(jobs.map(jobDocument), (page) => jobTable(jobs, page));
    return EXIT.ok;
  },
};

interface Job {
  readonly job: string;
  readonly tasks: readonly TaskRecord[];
  readonly scheduled: ScheduledJob | null;
}

/** By name, or where an order is asked for by the first of its tasks; a filter on tasks leaves out jobs without any. */
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

function jobTable(jobs: readonly Job[], page: Page): Line[] {
  if (jobs.length === 0) return [textLine('no jobs', 'dim')];
  const isScheduled = jobs.some(({ scheduled }) => scheduled !== null);
  const columns = [
    { title: 'JOB', yields: 1 },
    { title: 'DONE', align: 'right' as const },
    { title: 'TASKS', yields: 1.2 },
    ...(isScheduled
      ? [
          { title: 'LAST RUN', isDispensable: true },
          { title: 'OK', align: 'right' as const, isDispensable: true },
          { title: 'QUEUED', align: 'right' as const, isDispensable: true },
          { title: 'NEXT RUN' },
        ]
      : []),
  ];
  const rows = jobs.map((job) => [
    plainName(job.job),
    job.tasks.length === 0 ? '' : `${doneOf(job.tasks)}/${job.tasks.length}`,
    worstTask(job.tasks, page),
    ...(isScheduled ? scheduleCells(job.scheduled, page) : []),
  ]);
  return tableLines(columns, rows, page);
}

function scheduleCells(scheduled: ScheduledJob | null, { ascii, nowMs }: Page): (string | Segment)[] {
  if (!scheduled) return ['', '', '', ''];
  const [last] = scheduled.runs;
  const succeeded = countRuns(scheduled, 'success');
  const ended = succeeded + countRuns(scheduled, 'failed');
  return [
    last ? lastRunCell(last, { ascii, nowMs }) : '',
    ended === 0 ? '' : `${succeeded}/${ended}`,
    scheduled.queued === 0 ? '' : String(scheduled.queued),
    nextRunCell(scheduled, nowMs),
  ];
}

const RUN_STATUS: Readonly<Record<string, ShownStatus>> = {
  success: 'completed',
  failed: 'failed',
  pending: 'pending',
  running: 'in_progress',
  retrying: 'in_progress',
};

function lastRunCell(run: ScheduledJob['runs'][number], { ascii, nowMs }: Omit<Page, 'width'>): Segment {
  if (run.stale !== null) return segment('! stale', 'wait');
  const { text, tone } = statusCell(RUN_STATUS[run.status ?? ''] ?? 'pending', ascii);
  const at = run.endedAt ?? run.startedAt;
  return segment(
    `${text.split(' ', 1)[0]} ${at === null ? (run.status ?? '') : momentText(at, nowMs)}`,
    tone,
  );
}

/** When a job is to run next, and how late it is. */
export function nextRunCell({ isDisabled, nextRunAt }: ScheduledJob, nowMs: number): Segment {
  if (isDisabled) return segment('disabled', 'dim');
  if (nextRunAt === null) return segment('');
  const lateMs = nowMs - nextRunAt;
  return lateMs > 0
    ? segment(`${durationText(lateMs)} late`, 'wait')
    : segment(`in ${durationText(-lateMs)}`);
}

/** What stands in the way of the whole: the first of these that there is. */
const WORST_FIRST: readonly ShownStatus[] = [
  'failed',
  'in_progress',
  'completing',
  'pending',
  'waiting',
  'cancelled',
  'completed',
];

function worstTask(tasks: readonly TaskRecord[], { ascii }: Page): string | Segment {
  const counts = countByStatus(tasks);
  const worst = WORST_FIRST.find((status) => counts[status]);
  if (!worst) return '';
  const { text, tone } = statusCell(worst, ascii);
  const others = waitsForOthers(tasks);
  const needs = others.length > 0 ? ` (needs ${others.map(plainName).join(', ')})` : '';
  return segment(`${text}${counts[worst] === 1 ? '' : ` ×${counts[worst]}`}${needs}`, tone);
}

function countByStatus(tasks: readonly TaskRecord[]): Partial<Record<ShownStatus, number>> {
  return Object.fromEntries(
    [...Map.groupBy(tasks, shownStatus)].map(([status, same]) => [status, same.length]),
  );
}

function doneOf(tasks: readonly TaskRecord[]): number {
  return tasks.filter(({ status }) => status.status === 'completed').length;
}

/** Unfinished tasks of other jobs that tasks of this one need. */
function waitsForOthers(tasks: readonly TaskRecord[]): string[] {
  const own = new Set(tasks.map(({ definition }) => definition.id));
  return [...new Set(tasks.flatMap(({ waitsFor }) => waitsFor))].filter((id) => !own.has(id));
}

function countRuns({ runs }: ScheduledJob, status: 'success' | 'failed'): number {
  return runs.filter((run) => run.status === status).length;
}
