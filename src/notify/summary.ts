import type { TaskId } from '../model/id.ts';
import { overallProgress } from '../model/progress.ts';
import { hasEnded } from '../model/task.ts';
import { type Dismissals, isDismissed } from '../store/dismissals.ts';
import { allEntries, type State, type TaskEntry } from '../store/state.ts';
import { isUnderWay } from './conditions.ts';

/** How all tasks stand together. */
export interface Summary {
  /** How many wait for a person. */
  readonly needsYou: number;
  /** How many failed and were not dismissed. */
  readonly failed: number;
  readonly running: number;
  /** The progress of everything that has been under way since nothing was, 0–100; null if nothing is, or no task tells. */
  readonly progress: number | null;
  readonly isUnderWay: boolean;
  /** Whether any of it failed. */
  readonly hasFailed: boolean;
}

/** Sums up states, one after the other. */
export type Summarize = (state: State, dismissals: Dismissals) => Summary;

/**
 * Creates a function that sums up states. A task that ends while others continue stays part of the whole, so that the progress
 * does not go back; once nothing is under way, the next task begins a new whole. `usualMs` tells how much a task weighs, if
 * that is known.
 */
export function createSummarizer(options: {
  readonly isWatched: (entry: TaskEntry) => boolean;
  readonly usualMs: (id: TaskId) => number | null;
}): Summarize {
  /** The tasks of the current whole, with their weights; null if the weight is not known. */
  const whole = new Map<TaskId, number | null>();

  return (state, dismissals) => {
    const entries = allEntries(state).filter(options.isWatched);
    const underWay = entries.filter(({ task }) => isUnderWay(task));
    if (underWay.length === 0) whole.clear();
    for (const { task } of underWay)
      if (!whole.has(task.id))
        whole.set(task.id, whole.size < MOST_WEIGHED ? options.usualMs(task.id) : null);
    const parts = entries.filter(({ task }) => whole.has(task.id));
    const hasFailed = parts.some(({ task }) => task.state.status === 'failed');
    return {
      needsYou: count(entries, (entry) => asks(entry) && !isDismissed(dismissals, state, entry)),
      failed: count(entries, (entry) => isFailed(entry) && !isDismissed(dismissals, state, entry)),
      running: count(entries, ({ task }) => task.state.status === 'running'),
      progress: weightedProgress(parts, whole),
      isUnderWay: underWay.length > 0,
      hasFailed,
    };
  };
}

/** Weighing more tasks than this costs more than the bar is worth. */
const MOST_WEIGHED = 500;

function weightedProgress(
  parts: readonly TaskEntry[],
  weights: ReadonlyMap<TaskId, number | null>,
): number | null {
  const told = parts.map(({ task }) => ({
    progress: hasEnded(task.state.status) ? 100 : overallProgress(task),
    weight: weights.get(task.id) ?? null,
  }));
  if (!told.some(({ progress }) => progress !== null && progress > 0)) return null;
  const known = told.flatMap(({ weight }) => weight ?? []);
  const usual = known.length === 0 ? 1 : known.reduce((sum, each) => sum + each, 0) / known.length;
  let [done, all] = [0, 0];
  for (const { progress, weight } of told) {
    all += weight ?? usual;
    done += (weight ?? usual) * (progress ?? 0);
  }
  return all === 0 ? null : done / all;
}

function asks({ task }: TaskEntry): boolean {
  return task.state.status === 'needs-input' || task.review === true;
}

function isFailed({ task }: TaskEntry): boolean {
  return task.state.status === 'failed';
}

function count(entries: readonly TaskEntry[], is: (entry: TaskEntry) => boolean): number {
  return entries.reduce((sum, entry) => sum + (is(entry) ? 1 : 0), 0);
}
