import type { FinishedRun, RunOutcome } from '../model/run.ts';
import { endedAtOf, type Task } from '../model/task.ts';
import { runFromStamps } from './run.ts';

/** The finished runs that have not been taken yet; if there are more than a thousand, the newest of them. */
export interface FinishedRuns {
  /** Adds a run that was watched. */
  add(run: FinishedRun): void;
  /** Adds a task that had ended before it was first seen. As there may be many, its timestamps are read only when taken. */
  addUnwatched(kind: string, task: Task, outcome: RunOutcome): void;
  take(): FinishedRun[];
}

const MOST_KEPT = 1_000;

export function createFinishedRuns(): FinishedRuns {
  let watched: FinishedRun[] = [];
  let unwatched: { readonly kind: string; readonly task: Task; readonly outcome: RunOutcome }[] = [];

  return {
    add(run) {
      watched.push(run);
      if (watched.length > 2 * MOST_KEPT) watched = newest(watched, endOf);
    },
    addUnwatched(kind, task, outcome) {
      unwatched.push({ kind, task, outcome });
      if (unwatched.length > 2 * MOST_KEPT)
        unwatched = newest(unwatched, ({ task: ended }) => endedAtOf(ended) ?? 0);
    },
    take() {
      const told = unwatched.flatMap(({ kind, task, outcome }) => runFromStamps(kind, task, outcome) ?? []);
      const taken = newest([...told, ...watched], endOf);
      unwatched = [];
      watched = [];
      return taken;
    },
  };
}

function newest<T>(items: readonly T[], endOfItem: (item: T) => number): T[] {
  if (items.length <= MOST_KEPT) return [...items];
  return items.toSorted((a, b) => endOfItem(a) - endOfItem(b)).slice(-MOST_KEPT);
}

function endOf({ startedAt, durationMs }: FinishedRun): number {
  return startedAt + durationMs;
}
