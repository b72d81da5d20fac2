import type { RunEvent } from '../model/run.ts';

/** How many events of a run are kept: enough to show every step and the pace within it. */
const EVENTS_KEPT = 200;

/** The events of a run so far, bounded in number. */
export interface Recording {
  add(event: RunEvent): void;
  readonly events: readonly RunEvent[];
  /** The number of `events`. */
  readonly size: number;
}

interface Kept {
  readonly event: RunEvent;
  /** Progress within a running step, which is dropped first. */
  readonly isProgress: boolean;
}

/**
 * Keeps the beginnings and ends of steps, and as much of the progress between them as there is room for: as the recording
 * fills up, progress is kept at larger and larger intervals.
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

/** Drops progress that follows too soon; if that is not enough, every second event but the last. */
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
