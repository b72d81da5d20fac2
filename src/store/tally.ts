import { type Counts, selectCounts } from './select.ts';
import type { TaskEntry } from './state.ts';

/** The counts of many tasks, and the few tasks among them that are needed often. */
export interface Tally {
  readonly counts: Counts;
  /** How many are for review: only an agent says that they are completed. */
  readonly review: number;
  /** How many wait for other tasks. */
  readonly dependent: number;
  readonly running: ReadonlySet<TaskEntry>;
  /** The tasks that this view has seen end. */
  readonly seenEnding: ReadonlySet<TaskEntry>;
}

export function tallyOf(entries: readonly TaskEntry[]): Tally {
  return {
    counts: selectCounts(entries),
    review: entries.reduce((sum, { task }) => sum + (task.review ? 1 : 0), 0),
    dependent: entries.reduce((sum, { task }) => sum + (task.dependencies.length > 0 ? 1 : 0), 0),
    running: new Set(entries.filter(isRunning)),
    seenEnding: new Set(entries.filter(wasSeenEnding)),
  };
}

/** Updates a tally, counting only the tasks that have changed. */
export function changedTally(before: Tally, gone: ReadonlySet<TaskEntry>, come: readonly TaskEntry[]): Tally {
  if (gone.size === 0 && come.length === 0) return before;
  const [less, more] = [tallyOf([...gone]), tallyOf(come)];
  const statuses = Object.keys(before.counts) as (keyof Counts)[];
  return {
    counts: Object.fromEntries(
      statuses.map((status) => [status, before.counts[status] - less.counts[status] + more.counts[status]]),
    ) as Record<keyof Counts, number>,
    review: before.review - less.review + more.review,
    dependent: before.dependent - less.dependent + more.dependent,
    running: changedSet(before.running, gone, more.running),
    seenEnding: changedSet(before.seenEnding, gone, more.seenEnding),
  };
}

function changedSet(
  before: ReadonlySet<TaskEntry>,
  gone: ReadonlySet<TaskEntry>,
  more: ReadonlySet<TaskEntry>,
): ReadonlySet<TaskEntry> {
  const changed = new Set(before);
  for (const entry of gone) changed.delete(entry);
  for (const entry of more) changed.add(entry);
  return changed;
}

function isRunning({ task }: TaskEntry): boolean {
  return task.state.status === 'running';
}

function wasSeenEnding({ seenEndingAt }: TaskEntry): boolean {
  return seenEndingAt !== null;
}
