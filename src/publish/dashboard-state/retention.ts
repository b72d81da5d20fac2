import type { Clock } from '../../clock.ts';
import type { TaskProgress } from '../../model/dashboard-state.ts';
import { hasTaskEnded } from './progress.ts';

/** Knows how long ended tasks stay, in time that passes: their stamps could lie hours off once the clock is set. */
export interface Retention {
  /** To be told of the tasks whenever they change; `since`: when others came that stay as long (monotonic ms). */
  follow(tasks: readonly TaskProgress[], since?: readonly number[]): void;
  /** Whether the task ended so long ago that it goes. */
  isOver(task: TaskProgress): boolean;
  close(): void;
}

/** Creates the retention of ended tasks. It calls `purge` whenever the time of one is over, until that is gone. */
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
