import type { Estimate } from '../../../eta/estimator.ts';

/** Nobody gains by looking sooner, nor by forgetting it. */
const SHORTEST_S = 2;
const LONGEST_S = 3_600;
/** If nothing is known of the end. */
const USUAL_S = 60;
/** How far into the upper half of the band: by then most such tasks have ended, and few have long since. */
const SHARE_OF_BAND = 0.8;

/** Returns in how many seconds it pays to look at a task again: when it has probably ended. */
export function checkAgainIn(estimate: Estimate | null): number {
  if (!estimate) return USUAL_S;
  const { remainingMs, highMs } = estimate;
  const dueMs = remainingMs + SHARE_OF_BAND * Math.max(0, highMs - remainingMs);
  return Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.ceil(dueMs / 1000)));
}
