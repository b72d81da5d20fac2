import type { Task } from '../model/task.ts';

/** Measures how long a run has waited for a person, so that this does not count for its pace. */
export interface WorkTime {
  /** Takes a report of the task (`atMs` is epoch ms). */
  see(task: Pick<Task, 'state' | 'question'>, atMs: number): void;
  /** Returns how long it had waited by a moment (epoch ms), ms. */
  waitedAt(ms: number): number;
}

interface Pause {
  readonly from: number;
  readonly to: number;
}

/** Some programs ask about every file. Of pauses beyond this number, only the total is kept. */
const MOST_PAUSES = 100;

/** Creates a `WorkTime` for a run that was last seen working at `seenAt` (epoch ms). */
export function createWorkTime(seenAt: number): WorkTime {
  const pauses: Pause[] = [];
  let since: number | null = null;
  let lastSeenAt = seenAt;

  function close(pause: Pause): void {
    pauses.push(pause);
    const [first, second] = pauses;
    if (pauses.length <= MOST_PAUSES || !first || !second) return;
    pauses.splice(0, 2, { from: second.from - (first.to - first.from), to: second.to });
  }

  function waitedAt(ms: number): number {
    const over = pauses.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(ms, to) - from), 0);
    return over + (since === null ? 0 : Math.max(0, ms - since));
  }

  return {
    see({ state, question }, atMs) {
      const isAsking = state.status === 'needs-input';
      // It began to wait at the question's own timestamp, but not before it was last seen working.
      if (isAsking) since ??= Math.min(atMs, Math.max(lastSeenAt, question?.askedAt ?? atMs));
      else if (since !== null) {
        close({ from: since, to: Math.max(since, atMs) });
        since = null;
      }
      lastSeenAt = Math.max(lastSeenAt, atMs);
    },
    waitedAt,
  };
}
