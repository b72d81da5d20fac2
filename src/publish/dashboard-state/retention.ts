import type { Clock } from '../../clock.ts';
import type { TaskProgress } from '../../model/dashboard-state.ts';
import { hasTaskEnded } from './progress.ts';

/** Knows how long ended tasks stay, in monotonic time: their timestamps could be hours off once the clock is set. */
export interface Retention {
  /** Call this with the tasks whenever they change; `since` is when others appeared that stay as long (monotonic ms). */
  follow(tasks: readonly TaskProgress[], since?: readonly number[]): void;
  /** Tells whether the task ended so long ago that it is removed. */
  isOver(task: TaskProgress): boolean;
  close(): void;
}

/** Creates the retention of ended tasks. It calls `purge` whenever the time of a task is over, until that is gone. */
export function createRetention(clock: Clock, keptMs: number, purge: () => void): Retention {
  const leavesAt = new Map<string, number>();
  let cancelPurge = () => {};

  return {
    follow(tasks, since = []) {
      const ended = new Set(tasks.filter(hasTaskEnded).map(({ taskId }) => taskId));
      for (const id of leavesAt.keys()) if (!ended.has(id)) leavesAt.delete(id);
      for (const id of ended) if (!leavesAt.has(id)) leavesAt.set(id, clock.monotonic() + keptMs);
      cancelPurge();
      const dueAt = Math.min(...leavesAt.values(), ...since.map((at) => at + keptMs));
      if (dueAt < Number.POSITIVE_INFINITY) cancelPurge = clock.after(dueAt - clock.monotonic(), purge);
    },
    isOver: ({ taskId }) => (leavesAt.get(taskId) ?? Number.POSITIVE_INFINITY) <= clock.monotonic(),
    close: () => cancelPurge(),
  };
}
