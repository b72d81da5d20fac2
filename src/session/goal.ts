import type { Clock } from '../clock.ts';
import type { TaskId } from '../model/id.ts';
import { endedAtOf, hasEnded, TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import type { Monitor } from '../monitor.ts';
import { findEntry, type State, type TaskEntry } from '../store/state.ts';
import { waitUntil } from './settled.ts';

/** What somebody waits for: that tasks have ended, or have a status that was asked for. */
export interface Goal {
  readonly ids: readonly TaskId[];
  /** Always with the three ends. */
  readonly statuses: ReadonlySet<TaskStatus>;
  /** Whether one of the tasks is enough. */
  readonly isFirstEnough: boolean;
}

/** How the tasks of a goal stand. */
export interface GoalStanding {
  readonly isReached: boolean;
  /** Those that are still listed, in the goal's order. */
  readonly entries: readonly TaskEntry[];
  /** Those that have a status that is waited for; what ended first stands first, after what has not ended. */
  readonly there: readonly TaskEntry[];
  /** Those that their source no longer lists: nobody will tell how they ended. */
  readonly gone: readonly TaskId[];
}

/** Returns the statuses that are waited for: an end counts in any case. */
export function awaitedStatuses(named: Iterable<string>): Set<TaskStatus> {
  const asked = new Set(named);
  return new Set(TASK_STATUSES.filter((status) => hasEnded(status) || asked.has(status)));
}

/** A task that is gone is waited for no longer; if one task is enough, it is the one. */
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

/** Waits until the goal is reached, `waitMs` have passed, or `signal` aborts; resolves with how the tasks stand then. */
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
