import { keepNewest } from '../../model/keep-newest.ts';
import { hasEnded } from '../../model/task.ts';
import { words } from '../../model/text.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { isRestOfArray } from './format.ts';

/** Jobs that have left the queue: Slurm forgets them some minutes after their end. */
export interface GoneJobs {
  /** Returns which of the jobs that were listed before are no longer listed, although their end was not seen. */
  missing(listed: readonly TaskDraft[]): readonly string[];
  /**
   * Takes what is listed now, and what accounting reports about those that are missing; returns both, and the jobs whose end
   * was seen earlier.
   */
  together(listed: readonly TaskDraft[], told: readonly TaskDraft[]): readonly TaskDraft[];
}

/** How many ended jobs are remembered. */
const MOST_ENDED = 1_000;

export function createGoneJobs(): GoneJobs {
  let before: readonly TaskDraft[] = [];
  const ended = new Map<string, TaskDraft>();

  function missing(listed: readonly TaskDraft[]): string[] {
    const now = new Set(listed.map(({ nativeId }) => nativeId));
    const lost = before.filter((task) => !hasEnded(task.state.status) && !now.has(task.nativeId));
    return lost.filter((task) => !isRestOfArray(task)).map(({ nativeId }) => nativeId);
  }

  return {
    missing,
    together(listed, told) {
      const toldById = new Map(told.map((task) => [task.nativeId, task]));
      const lost = new Set(missing(listed));
      for (const task of before) {
        if (!lost.has(task.nativeId)) continue;
        const known = toldById.get(task.nativeId);
        ended.set(task.nativeId, known && hasEnded(known.state.status) ? known : leftQueue(task));
      }
      for (const task of listed) {
        ended.delete(task.nativeId);
        if (hasEnded(task.state.status)) ended.set(task.nativeId, task);
      }
      keepNewest(ended, MOST_ENDED);
      before = listed;
      const open = listed.filter(({ state }) => !hasEnded(state.status));
      return [...open, ...ended.values()];
    },
  };
}

/** Returns a job that ended between two looks, nobody knows how. It does not count as a failure. */
function leftQueue(task: TaskDraft): TaskDraft {
  const reason = words`it has left the queue: how it ended is not known`;
  return { ...task, state: { status: 'cancelled', endedAt: null, reason } };
}
