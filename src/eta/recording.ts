import type { RunEvent } from '../model/run.ts';

/** More of a run than this is not kept: enough to see every step, and the pace within them. */
export const EVENTS_KEPT = 200;

/** What happened in a run so far, in a bounded number of events. */
export interface Recording {
  add(event: RunEvent): void;
  readonly events: readonly RunEvent[];
  /** How many events there are. */
  readonly size: number;
}

interface Kept {
  readonly event: RunEvent;
  /** Progress within a step that goes on: the first to give way. */
  readonly isProgress: boolean;
}

/**
 * Keeps the beginnings and ends of steps, and of the progress between them as much as there is room for: where it gets
 * tight, progress is kept at larger and larger intervals.
 */
export function createRecording(limit: number = EVENTS_KEPT): Recording {
  const statuses = new Map<number, RunEvent['status']>();
  let kept: Kept[] = [];
  let intervalMs = 0;

  return {
    add(event) {
      const isProgress = event.status === 'running' && statuses.get(event.step) === 'running';
      statuses.set(event.step, event.status);
      const last = kept.at(-1);
      const before = kept.at(-2);
      const isTooSoon =
        isProgress &&
        last?.isProgress === true &&
        last.event.step === event.step &&
        event.t - (before?.event.t ?? 0) < intervalMs;
      if (isTooSoon) kept.pop();
      kept.push({ event, isProgress });
      if (kept.length <= limit) return;
      intervalMs = Math.max(2 * intervalMs, (2 * event.t) / limit);
      kept = thinned(kept, intervalMs, limit);
    },
    get events() {
      return kept.map(({ event }) => event);
    },
    get size() {
      return kept.length;
    },
  };
}

/** Progress that follows too soon goes; if that is not enough, every second event but the last. */
function thinned(kept: readonly Kept[], intervalMs: number, limit: number): Kept[] {
  let lastAt = Number.NEGATIVE_INFINITY;
  const spread = kept.filter(({ event, isProgress }, index) => {
    if (isProgress && index < kept.length - 1 && event.t - lastAt < intervalMs) return false;
    lastAt = event.t;
    return true;
  });
  if (spread.length <= 0.75 * limit) return spread;
  return spread.filter((_, index) => index % 2 === 1 || index === spread.length - 1);
}
