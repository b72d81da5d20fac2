import { compareText } from '../model/compare-text.ts';
import { overallProgress } from '../model/progress.ts';
import { hasEnded, TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import type { Filter } from './filter.ts';
import { allEntries, type State, type TaskEntry } from './state.ts';

export const SORT_KEYS = ['urgency', 'name', 'status', 'progress', 'started', 'updated', 'source'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export type Counts = Readonly<Record<TaskStatus, number>>;

export function selectCounts(entries: readonly TaskEntry[]): Counts {
  const counts = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<TaskStatus, number>;
  for (const { task } of entries) counts[task.state.status] += 1;
  return counts;
}

/** Returns the tasks to list, in order. Equal ones stay in the order in which their sources list them. */
export function selectEntries(state: State, options: { filter: Filter; sort: SortKey }): TaskEntry[] {
  return sortEntries(allEntries(state).filter(options.filter), options.sort);
}

/** Sorts, maybe in place. `statusOf` may let a task stand where another status would put it. */
export function sortEntries(
  entries: TaskEntry[],
  sort: SortKey,
  statusOf: (entry: TaskEntry) => TaskStatus = ownStatus,
): TaskEntry[] {
  if (sort === 'urgency') return sortByUrgency(entries, statusOf);
  return entries.sort(comparison(sort, statusOf));
}

/** Sorts each urgency by itself: of a hundred thousand tasks, most comparisons would tell nothing else. */
function sortByUrgency(
  entries: readonly TaskEntry[],
  statusOf: (entry: TaskEntry) => TaskStatus,
): TaskEntry[] {
  const groups: TaskEntry[][] = Array.from({ length: 1 + Math.max(...Object.values(URGENCY)) }, () => []);
  for (const entry of entries) groups[urgencyOf(entry, statusOf)]?.push(entry);
  return groups.flatMap((group, urgency) =>
    urgency <= URGENCY.running
      ? group.sort((a, b) => byAge(a, b, statusOf) || byPriority(a, b))
      : gatherByPriority(group),
  );
}

/** What does not run, by priority within its source: gathered, as many tasks share few priorities. */
function gatherByPriority(entries: readonly TaskEntry[]): TaskEntry[] {
  const sources = Map.groupBy(entries, ({ task }) => task.source);
  return [...sources.values()].flatMap((ofSource) => {
    const priorities = Map.groupBy(ofSource, priorityOf);
    return [...priorities].sort(([a], [b]) => a - b).flatMap(([, ofPriority]) => ofPriority);
  });
}

type Compare = (a: TaskEntry, b: TaskEntry) => number;

/** What needs a person first, then what moves, then what waits, then what is over. */
const URGENCY: Record<TaskStatus, number> = {
  failed: 0,
  'needs-input': 0,
  running: 1,
  waiting: 2,
  queued: 3,
  completed: 4,
  cancelled: 4,
};

function comparison(sort: SortKey, statusOf: (entry: TaskEntry) => TaskStatus): Compare {
  const byUrgency: Compare = (a, b) =>
    urgencyOf(a, statusOf) - urgencyOf(b, statusOf) || byAge(a, b, statusOf) || byPriority(a, b);
  switch (sort) {
    case 'urgency':
      return byUrgency;
    case 'name':
      return byName;
    case 'status':
      return (a, b) =>
        TASK_STATUSES.indexOf(statusOf(a)) - TASK_STATUSES.indexOf(statusOf(b)) || byName(a, b);
    case 'progress':
      return (a, b) => (overallProgress(b.task) ?? -1) - (overallProgress(a.task) ?? -1) || byName(a, b);
    case 'started':
      return (a, b) => (b.task.startedAt ?? 0) - (a.task.startedAt ?? 0);
    case 'updated':
      return (a, b) => b.lastNewsAt - a.lastNewsAt;
    case 'source':
      return (a, b) => compareText(a.task.source, b.task.source) || byUrgency(a, b);
    default:
      return sort satisfies never;
  }
}

/** Returns the urgency of a task. A session that is stuck lifts it to the top, whatever its other sessions do. */
function urgencyOf(entry: TaskEntry, statusOf: (entry: TaskEntry) => TaskStatus): number {
  const { sessions, state } = entry.task;
  const isStuck =
    sessions.length > 0 && sessions.some(({ meaning }) => meaning === 'waiting' || meaning === 'needs-input');
  return isStuck && !hasEnded(state.status) ? 0 : URGENCY[statusOf(entry)];
}

function ownStatus({ task }: TaskEntry): TaskStatus {
  return task.state.status;
}

function byName(a: TaskEntry, b: TaskEntry): number {
  return compareText(a.task.name, b.task.name);
}

/** Sorts the longest running first; unknown starts last. */
function byAge(a: TaskEntry, b: TaskEntry, statusOf: (entry: TaskEntry) => TaskStatus): number {
  if (statusOf(a) !== 'running' || statusOf(b) !== 'running') return 0;
  const start = (entry: TaskEntry) => entry.task.startedAt ?? Number.MAX_SAFE_INTEGER;
  return start(a) - start(b);
}

function byPriority(a: TaskEntry, b: TaskEntry): number {
  if (a.task.source !== b.task.source) return 0;
  return priorityOf(a) - priorityOf(b);
}

/** Returns the priority: lower is more urgent, unknown comes last. */
function priorityOf({ task }: TaskEntry): number {
  return task.priority ?? Number.MAX_SAFE_INTEGER;
}
