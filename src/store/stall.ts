import type { TaskEntry } from './state.ts';

/** The silence of a stalled task. Both in ms; the usual gap is null if none is known. */
export interface Silence {
  readonly silentMs: number;
  readonly usualGapMs: number | null;
}

/** How many usual gaps a silence must last to be marked. */
const UNUSUAL_GAPS = 5;

/**
 * Returns when the task will be marked as stalled unless an update arrives (epoch ms); null unless it is running and its
 * silence means something.
 */
export function stallsAt(entry: TaskEntry, stallAfterMs: number): number | null {
  if (entry.task.state.status !== 'running' || entry.task.mayBeQuiet) return null;
  return entry.lastNewsAt + Math.max(stallAfterMs, UNUSUAL_GAPS * (entry.usualGapMs ?? 0));
}

/**
 * Returns the silence of a stalled task, null for any other. `stallAfterMs` is the shortest silence that counts.
 */
export function silenceOf(entry: TaskEntry, nowMs: number, stallAfterMs: number): Silence | null {
  const at = stallsAt(entry, stallAfterMs);
  if (at === null || nowMs <= at) return null;
  return { silentMs: nowMs - entry.lastNewsAt, usualGapMs: entry.usualGapMs };
}

/** Returns the next moment at which one of the tasks becomes stalled unless an update arrives (epoch ms); null if none does. */
export function nextStallAt(
  entries: readonly TaskEntry[],
  { nowMs, stallAfterMs }: { readonly nowMs: number; readonly stallAfterMs: number },
): number | null {
  let next = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const at = stallsAt(entry, stallAfterMs);
    if (at !== null && at >= nowMs) next = Math.min(next, at);
  }
  return Number.isFinite(next) ? next : null;
}
