import type { Estimate } from './estimator.ts';

/** How long an agent's `wait_for` blocks by default, s. Clients abandon a call after a minute. */
export const WAIT_FOR_S = 45;
/** The bounds of the answer: checking sooner gains nothing, and waiting longer means forgetting the task. */
const SHORTEST_S = 2;
const LONGEST_S = 6 * 3_600;
/** The answer if nothing is known about the end. */
const USUAL_S = 60;
/** How far into the upper half of the band the task has probably ended. */
const SHARE_OF_BAND = 0.5;

/**
 * Returns in how many seconds to call `wait_for` again: not before the band begins, and so that the call still blocks when
 * the task has probably ended. An agent that calls earlier has to call once more, and one that calls later learns of the end
 * too late; `taskglass eta bench` counts both.
 */
export function checkAgainIn(estimate: Estimate | null): number {
  if (!estimate) return USUAL_S;
  const { remainingMs, lowMs, highMs } = estimate;
  const dueMs = remainingMs + SHARE_OF_BAND * Math.max(0, highMs - remainingMs);
  const fromMs = Math.max(Math.min(lowMs, remainingMs), dueMs - 1000 * WAIT_FOR_S);
  return Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.ceil(fromMs / 1000)));
}
