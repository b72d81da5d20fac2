import type { TaskRecord } from '../../../ledger/types.ts';
import { joined, plainName, words } from '../../../model/text.ts';
import { type Line, type Segment, segment, textLine } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import { EXIT } from '../../process/exit.ts';
import { FILTERS, filtersOf } from './filters.ts';
import { nextRunCell } from './job-table.ts';
import { scheduledJobs } from './jobs.ts';
import type { ScheduledJob } from './scheduler.ts';
import { taskDocument } from './task-document.ts';
import { shownStatus, statusCell } from './task-words.ts';
import type { Page, Verb } from './verb.ts';

export const upcoming: Verb = {
  name: 'upcoming',
  about: 'show planned runs, and ready and waiting tasks',
  examples: [
    'taskglass ledger upcoming --limit 10',
    'taskglass ledger upcoming --db gut-punch.db --job nightly',
  ],
  options: FILTERS,
  async run(call) {
    const ledger = await call.openLedger();
    const { limit, ...filters } = filtersOf(call.options);
    const open = { status: ['pending', 'in_progress', 'completing'] as const, ...filters };
    const [records, scheduled] = await Promise.all([ledger.query(open), scheduledJobs(ledger, call)]);
    const items = comingItems(records, scheduled, filters).slice(0, limit);
    call.print(items.map(itemDocument), (page) => itemTable(items, page));
    return EXIT.ok;
  },
};

/** A planned run with an open task of its job, or either of them alone. */
interface Coming {
  readonly scheduled: ScheduledJob | null;
  readonly task: TaskRecord | null;
}

/**
 * Returns what is running, then planned runs by time, then ready tasks, then waiting ones; tasks are in the requested order.
 */
function comingItems(
  records: readonly TaskRecord[],
  scheduled: ReadonlyMap<string, ScheduledJob>,
  { job, ...narrowing }: ReturnType<typeof filtersOf>,
): Coming[] {
  const planned = [...scheduled.values()]
    .filter(isPlanned)
    .filter((plan) => job === undefined || plan.job === job);
  const withTask = new Set(records.map(({ definition }) => definition.job));
  const isNarrowed = Object.keys(narrowing).some((name) => name !== 'sort');
  const alone = isNarrowed ? [] : planned.filter((plan) => !withTask.has(plan.job));
  const items = [
    ...records.map((task) => ({
      task,
      scheduled: planned.find((plan) => plan.job === task.definition.job) ?? null,
    })),
    ...alone.map((plan) => ({ task: null, scheduled: plan })),
  ];
  return items.sort((a, b) => rankOf(a) - rankOf(b) || plannedAt(a) - plannedAt(b));
}

function isPlanned({ isDisabled, nextRunAt }: ScheduledJob): boolean {
  return !isDisabled && nextRunAt !== null;
}

function rankOf({ task, scheduled }: Coming): number {
  if (task && task.status.status !== 'pending') return 0;
  if (scheduled) return 1;
  return task && task.waitsFor.length > 0 ? 3 : 2;
}

function plannedAt({ scheduled }: Coming): number {
  return scheduled?.nextRunAt ?? 0;
}

function itemDocument({ task, scheduled }: Coming) {
  return {
    at: scheduled?.nextRunAt ?? null,
    job: scheduled?.job ?? task?.definition.job ?? null,
    everyMs: scheduled?.everyMs ?? null,
    queued: scheduled?.queued ?? null,
    state: task ? stateOf(task) : 'planned',
    waitsFor: task?.waitsFor ?? [],
    task: task && taskDocument(task),
  };
}

/** Returns a task's status; a pending task that can be started is `ready`. */
function stateOf(task: TaskRecord) {
  const status = shownStatus(task);
  return status === 'pending' ? 'ready' : status;
}

function itemTable(items: readonly Coming[], page: Page): Line[] {
  if (items.length === 0) return [textLine('nothing is planned', 'dim')];
  const columns = [
    { title: words`WHEN` },
    { title: words`STATUS` },
    { title: words`PRI`, align: 'right' as const },
    { title: words`TASK`, yields: 1 },
    { title: words`JOB`, yields: 1.5, isDispensable: true },
    { title: words`NEEDS`, yields: 1 },
  ];
  const rows = items.map(({ task, scheduled }) => [
    whenCell({ task, scheduled }, page.nowMs),
    task ? statusCell(shownStatus(task), page.ascii) : segment('no task', 'dim'),
    words`${task?.definition.priority ?? ''}`,
    plainName(task?.definition.id ?? ''),
    plainName(scheduled?.job ?? task?.definition.job ?? ''),
    joined((task?.waitsFor ?? []).map(plainName), ', '),
  ]);
  return tableLines(columns, rows, page);
}

function whenCell({ task, scheduled }: Coming, nowMs: number): Segment {
  if (task && task.status.status !== 'pending') return segment('now', 'busy');
  if (scheduled) return nextRunCell(scheduled, nowMs);
  return task && task.waitsFor.length > 0 ? segment('later', 'dim') : segment('ready', 'ok');
}
