import type { Clock } from '../clock.ts';
import type { TaskId } from '../model/id.ts';
import { endedAtOf, hasEnded, TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import type { Monitor } from '../monitor.ts';
import { findEntry, type State, type TaskEntry } from '../store/state.ts';
import { waitUntil } from './settled.ts';

/** What somebody waits for: tasks that have ended, or have a requested status. */
export interface Goal {
  readonly ids: readonly TaskId[];
  /** Always includes the three ends. */
  readonly statuses: ReadonlySet<TaskStatus>;
  /** Whether one of the tasks is enough. */
  readonly isFirstEnough: boolean;
}

/** The state of a goal and its tasks. */
export interface GoalStanding {
  readonly isReached: boolean;
  /** The tasks that are still listed, in the goal's order. */
  readonly entries: readonly TaskEntry[];
  /**
   * The tasks that have an awaited status: first those that have not ended, then the others in the order in which they
   * ended.
   */
  readonly there: readonly TaskEntry[];
  /** The tasks that their source no longer lists, so that nobody will say how they ended. */
  readonly gone: readonly TaskId[];
}

/** Returns the awaited statuses. An end is always one of them. */
export function awaitedStatuses(named: Iterable<string>): Set<TaskStatus> {
  const asked = new Set(named);
  return new Set(TASK_STATUSES.filter((status) => hasEnded(status) || asked.has(status)));
}

/**
 * Returns the state of a goal. A task that is gone is not awaited any more; if one task is enough, it counts as that one.
 */
export function standingOf({ ids, statuses, isFirstEnough }: Goal, state: State): GoalStanding {
  const entries: TaskEntry[] = [];
  const gone: TaskId[] = [];
  for (const id of ids) {
    const entry = findEntry(state, id);
    if (entry) entries.push(entry);
    else gone.push(id);
  }
  const there = entries.filter(({ task }) => statuses.has(task.state.status));
  const isReached =
    isFirstEnough && ids.length > 0 ? there.length > 0 || gone.length > 0 : there.length === entries.length;
  return { isReached, entries, there: there.sort(endedFirst), gone };
}

/** Waits until the goal is reached, `waitMs` have passed, or `signal` aborts; resolves with its state then. */
export async function waitForGoal(
  monitor: Pick<Monitor, 'getState' | 'subscribe'>,
  goal: Goal,
  options: { readonly clock: Clock; readonly waitMs: number; readonly signal: AbortSignal },
): Promise<GoalStanding> {
  await waitUntil(monitor, (state) => standingOf(goal, state).isReached, options);
  return standingOf(goal, monitor.getState());
}

function endedFirst(a: TaskEntry, b: TaskEntry): number {
  return (endedAtOf(a.task) ?? 0) - (endedAtOf(b.task) ?? 0);
}
