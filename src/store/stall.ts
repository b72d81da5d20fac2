import type { TaskEntry } from './state.ts';

/** A task that has been silent for unusually long. Both in ms; the usual gap is null if none is known. */
export interface Silence {
  readonly silentMs: number;
  readonly usualGapMs: number | null;
}

/** How many usual gaps a silence must last to be worth a mark. */
const UNUSUAL_GAPS = 5;

/**
 * Returns when the task will be marked stalled (epoch ms) if nothing comes; null unless it is running, and its source has
 * a rhythm.
 */
export function stallsAt(entry: TaskEntry, stallAfterMs: number): number | null {
  if (entry.task.state.status !== 'running' || entry.task.mayBeQuiet) return null;
  return entry.lastNewsAt + Math.max(stallAfterMs, UNUSUAL_GAPS * (entry.usualGapMs ?? 0));
}

/**
 * Returns the silence of a stalled task, null for any other. `stallAfterMs` is the least silence that counts (30 s).
 */
export function silenceOf(entry: TaskEntry, nowMs: number, stallAfterMs: number): Silence | null {
  const at = stallsAt(entry, stallAfterMs);
  if (at === null || nowMs <= at) return null;
  return { silentMs: nowMs - entry.lastNewsAt, usualGapMs: entry.usualGapMs };
}
