import { compareText } from '../model/compare-text.ts';
import { overallProgress } from '../model/progress.ts';
import { endedAtOf, TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import type { Filter } from './filter.ts';
import { type IsSeen, NOT_SEEN, PLACES, type Place, placeOf } from './place.ts';
import { allEntries, type State, type TaskEntry } from './state.ts';

export const SORT_KEYS = ['urgency', 'name', 'status', 'progress', 'started', 'updated', 'source'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export type Counts = Readonly<Record<TaskStatus, number>>;

export function selectCounts(entries: readonly TaskEntry[]): Counts {
  const counts = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<TaskStatus, number>;
  for (const { task } of entries) counts[task.state.status] += 1;
  return counts;
}

/** Returns the tasks to list, in order. Ties keep the order in which the sources list them. */
export function selectEntries(state: State, options: { filter: Filter; sort: SortKey }): TaskEntry[] {
  return sortEntries(allEntries(state).filter(options.filter), options.sort);
}

/** Sorts, possibly in place; ties keep their order. A failure or review that was seen counts as ended. */
export function sortEntries(entries: TaskEntry[], sort: SortKey, isSeen: IsSeen = NOT_SEEN): TaskEntry[] {
  return sort === 'urgency' ? sortByUrgency(entries, isSeen) : entries.sort(comparison(sort, isSeen));
}

/** Groups the entries by place and sorts each group: with a hundred thousand tasks, that saves most comparisons. */
function sortByUrgency(entries: readonly TaskEntry[], isSeen: IsSeen): TaskEntry[] {
  const places = Map.groupBy(entries, (entry) => placeOf(entry, isSeen));
  return PLACES.flatMap((place) => {
    const members = places.get(place) ?? [];
    return members.length > 1 ? ORDERS[place](members) : members;
  });
}

const ORDERS: Record<Place, (entries: TaskEntry[]) => TaskEntry[]> = {
  'needs-input': (entries) => sortBy(entries, askedAt),
  failed: (entries) => sortBy(entries, newestFirst),
  review: (entries) => sortBy(entries, newestFirst),
  running: (entries) => entries.sort((a, b) => byAge(a, b) || byPriority(a, b)),
  waiting: gatherByPriority,
  queued: gatherByPriority,
  ended: (entries) => sortBy(entries, newestFirst),
};

/** Returns the comparison of `sortEntries`, for inserting a few entries into a sorted list. */
export function listOrder(sort: SortKey, isSeen: IsSeen): Compare {
  return sort === 'urgency' ? (a, b) => byUrgency(a, b, isSeen) : comparison(sort, isSeen);
}

function byUrgency(a: TaskEntry, b: TaskEntry, isSeen: IsSeen): number {
  const place = placeOf(a, isSeen);
  const difference = PLACES.indexOf(place) - PLACES.indexOf(placeOf(b, isSeen));
  if (difference !== 0) return difference;
  switch (place) {
    case 'needs-input':
      return askedAt(a) - askedAt(b);
    case 'running':
      return byAge(a, b) || byPriority(a, b);
    case 'waiting':
    case 'queued':
      return byPriority(a, b);
    default:
      return newestFirst(a) - newestFirst(b);
  }
}

/** Sorts by a figure that is computed once for each entry; ties keep their order. */
function sortBy(entries: readonly TaskEntry[], figureOf: (entry: TaskEntry) => number): TaskEntry[] {
  const figures = Float64Array.from(entries, figureOf);
  const order = Uint32Array.from(entries.keys());
  order.sort((a, b) => (figures[a] ?? 0) - (figures[b] ?? 0) || a - b);
  return Array.from(order, (at) => entries[at]).filter((entry) => entry !== undefined);
}

/** Returns since when a task has waited for a person; unknown times sort last. */
function askedAt({ task }: TaskEntry): number {
  return task.question?.askedAt ?? task.updatedAt ?? task.startedAt ?? Number.MAX_SAFE_INTEGER;
}

function newestFirst({ task, seenEndingAt }: TaskEntry): number {
  return -(endedAtOf(task) ?? seenEndingAt ?? task.updatedAt ?? 0);
}

/** Orders tasks by priority within their source. Groups rather than sorts, because many tasks share few priorities. */
function gatherByPriority(entries: readonly TaskEntry[]): TaskEntry[] {
  const sources = Map.groupBy(entries, ({ task }) => task.source);
  return [...sources.values()].flatMap((ofSource) => {
    const priorities = Map.groupBy(ofSource, priorityOf);
    return [...priorities].sort(([a], [b]) => a - b).flatMap(([, ofPriority]) => ofPriority);
  });
}

export type Compare = (a: TaskEntry, b: TaskEntry) => number;

function comparison(sort: Exclude<SortKey, 'urgency'>, isSeen: IsSeen): Compare {
  switch (sort) {
    case 'name':
      return byName;
    case 'status':
      return (a, b) =>
        TASK_STATUSES.indexOf(a.task.state.status) - TASK_STATUSES.indexOf(b.task.state.status) ||
        byName(a, b);
    case 'progress':
      return (a, b) => (overallProgress(b.task) ?? -1) - (overallProgress(a.task) ?? -1) || byName(a, b);
    case 'started':
      return (a, b) => (b.task.startedAt ?? 0) - (a.task.startedAt ?? 0);
    case 'updated':
      return (a, b) => b.lastNewsAt - a.lastNewsAt;
    case 'source':
      return (a, b) =>
        compareText(a.task.source, b.task.source) ||
        PLACES.indexOf(placeOf(a, isSeen)) - PLACES.indexOf(placeOf(b, isSeen)) ||
        byAge(a, b) ||
        byPriority(a, b);
    default:
      return sort satisfies never;
  }
}

function byName(a: TaskEntry, b: TaskEntry): number {
  return compareText(a.task.name, b.task.name);
}

/** Puts the longest running first; tasks that do not run, or whose start is unknown, come last. */
function byAge(a: TaskEntry, b: TaskEntry): number {
  return runningSince(a) - runningSince(b);
}

function runningSince({ task }: TaskEntry): number {
  const { state, startedAt } = task;
  return state.status === 'running' && startedAt !== null ? startedAt : Number.MAX_SAFE_INTEGER;
}

function byPriority(a: TaskEntry, b: TaskEntry): number {
  if (a.task.source !== b.task.source) return 0;
  return priorityOf(a) - priorityOf(b);
}

/** Returns the priority: lower is more urgent, and unknown ones sort last. */
function priorityOf({ task }: TaskEntry): number {
  return task.priority ?? Number.MAX_SAFE_INTEGER;
}
