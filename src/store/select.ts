import { compareText } from '../model/compare-text.ts';
import { overallProgress } from '../model/progress.ts';
import { endedAtOf, TASK_STATUSES, type TaskStatus } from '../model/task.ts';
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

/** Whether somebody has looked at what ended badly, or is for review. */
type IsSeen = (entry: TaskEntry) => boolean;

const NOT_SEEN: IsSeen = () => false;

/** Sorts, maybe in place. What was seen needs nobody any more. */
export function sortEntries(entries: TaskEntry[], sort: SortKey, isSeen: IsSeen = NOT_SEEN): TaskEntry[] {
  return sort === 'urgency' ? sortByUrgency(entries, isSeen) : entries.sort(comparison(sort, isSeen));
}

/**
 * The places of the usual order: what needs a person, then what moves, then what waits, then what is over.
 */
const PLACES = ['needs-input', 'failed', 'review', 'running', 'waiting', 'queued', 'ended'] as const;
type Place = (typeof PLACES)[number];

/** Tells whether a task is over, and needs nobody to look at it. */
export function isSettled(entry: TaskEntry, isSeen: IsSeen): boolean {
  return placeOf(entry, isSeen) === 'ended';
}

/** Returns the place of a task. A session that is stuck lifts it to the top, whatever its other sessions do. */
function placeOf(entry: TaskEntry, isSeen: IsSeen): Place {
  const { sessions, state, review } = entry.task;
  switch (state.status) {
    case 'completed':
      return review && !isSeen(entry) ? 'review' : 'ended';
    case 'failed':
      return isSeen(entry) ? 'ended' : 'failed';
    case 'cancelled':
      return 'ended';
    default:
      return sessions.some(({ meaning }) => meaning === 'waiting' || meaning === 'needs-input')
        ? 'needs-input'
        : state.status;
  }
}

/** Sorts each place by itself: of a hundred thousand tasks, most comparisons would tell nothing else. */
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

/** Sorts by a figure that is looked up once for each; equal ones stay in their order. */
function sortBy(entries: readonly TaskEntry[], figureOf: (entry: TaskEntry) => number): TaskEntry[] {
  const figures = Float64Array.from(entries, figureOf);
  const order = Uint32Array.from(entries.keys());
  order.sort((a, b) => (figures[a] ?? 0) - (figures[b] ?? 0) || a - b);
  return Array.from(order, (at) => entries[at]).filter((entry) => entry !== undefined);
}

/** Since when a task waits for a person; unknown times come last. */
function askedAt({ task }: TaskEntry): number {
  return task.question?.askedAt ?? task.updatedAt ?? task.startedAt ?? Number.MAX_SAFE_INTEGER;
}

function newestFirst({ task, seenEndingAt }: TaskEntry): number {
  return -(endedAtOf(task) ?? seenEndingAt ?? task.updatedAt ?? 0);
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

/** Sorts the longest running first; unknown starts last. */
function byAge(a: TaskEntry, b: TaskEntry): number {
  if (a.task.state.status !== 'running' || b.task.state.status !== 'running') return 0;
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
