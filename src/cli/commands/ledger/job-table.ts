import type { TaskRecord } from '../../../ledger/types.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import { durationText, momentText } from '../../../present/duration.ts';
import { type Line, type Segment, segment, textLine } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import { countByStatus, countRuns, type Job, waitsForOthers } from './jobs.ts';
import type { ScheduledJob } from './scheduler.ts';
import { type ShownStatus, statusCell } from './task-words.ts';
import type { Page } from './verb.ts';

/** Beyond this, a date is easier to read than hundreds of hours. */
const COUNTED_MS = 24 * 3_600_000;

/** Returns a table with a line for each job. Columns for a scheduler are shown only if there is one. */
export function jobTable(jobs: readonly Job[], page: Page): Line[] {
  if (jobs.length === 0) return [textLine('no jobs', 'dim')];
  const isScheduled = jobs.some(({ scheduled }) => scheduled !== null);
  const columns = [
    { title: words`JOB`, yields: 1 },
    { title: words`DONE`, align: 'right' as const },
    { title: words`TASKS`, yields: 1.2 },
    ...(isScheduled
      ? [
          { title: words`LAST RUN`, isDispensable: true },
          { title: words`OK`, align: 'right' as const, isDispensable: true },
          { title: words`QUEUED`, align: 'right' as const, isDispensable: true },
          { title: words`NEXT RUN` },
        ]
      : []),
  ];
  const rows = jobs.map((job) => [
    plainName(job.job),
    job.tasks.length === 0 ? words`` : words`${doneOf(job.tasks)}/${job.tasks.length}`,
    worstTask(job.tasks, page),
    ...(isScheduled ? scheduleCells(job.scheduled, page) : []),
  ]);
  return tableLines(columns, rows, page);
}

function scheduleCells(scheduled: ScheduledJob | null, { ascii, nowMs }: Page): (PlainText | Segment)[] {
  if (!scheduled) return [words``, words``, words``, words``];
  const [last] = scheduled.runs;
  const succeeded = countRuns(scheduled, 'success');
  const ended = succeeded + countRuns(scheduled, 'failed');
  return [
    last ? lastRunCell(last, { ascii, nowMs }) : words``,
    ended === 0 ? words`` : words`${succeeded}/${ended}`,
    scheduled.queued === 0 ? words`` : words`${scheduled.queued}`,
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
    words`${text.split(' ', 1)[0] ?? ''} ${at === null ? plainName(run.status ?? '') : momentText(at, nowMs)}`,
    tone,
  );
}

/** Returns when a job will run next, and how late it is. */
export function nextRunCell({ isDisabled, nextRunAt }: ScheduledJob, nowMs: number): Segment {
  if (isDisabled) return segment('disabled', 'dim');
  if (nextRunAt === null) return segment('');
  const lateMs = nowMs - nextRunAt;
  if (lateMs > 0) return segment(words`${durationText(lateMs)} late`, 'wait');
  return segment(-lateMs < COUNTED_MS ? words`in ${durationText(-lateMs)}` : momentText(nextRunAt, nowMs));
}

/** The first of these statuses that occurs is the one that keeps the job from being completed. */
const WORST_FIRST: readonly ShownStatus[] = [
  'failed',
  'in_progress',
  'completing',
  'pending',
  'waiting',
  'cancelled',
  'completed',
];

function worstTask(tasks: readonly TaskRecord[], { ascii }: Page): PlainText | Segment {
  const counts = countByStatus(tasks);
  const worst = WORST_FIRST.find((status) => counts[status]);
  if (!worst) return words``;
  const { text, tone } = statusCell(worst, ascii);
  const count = counts[worst] === 1 ? words`` : words`${counts[worst] ?? 0} `;
  const others = waitsForOthers(tasks);
  const needs = others.length > 0 ? words` (needs ${joined(others.map(plainName), ', ')})` : words``;
  return segment(words`${text.replace(new RegExp(worst, 'u'), words`${count}${worst}`)}${needs}`, tone);
}

function doneOf(tasks: readonly TaskRecord[]): number {
  return tasks.filter(({ status }) => status.status === 'completed').length;
}
