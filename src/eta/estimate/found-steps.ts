import { PRIORS } from './priors.ts';
import type { StepState } from './run-state.ts';

/** In a first run, a single quick step at the start is just a quick step. */
const LEAST_IN_FIRST_RUN = 2;

/**
 * Returns the indices of the steps that were found done in the first moments of the run (a cache, a checkpoint): they ended
 * at once, and much faster than usual (`usualMs`, by step) or, in a first run (null), than the longest of the others.
 */
export function foundSteps(
  steps: readonly StepState[],
  usualMs: readonly number[] | null,
): ReadonlySet<number> {
  const longestMs = steps.reduce(
    (most, step) => (endedAtOnce(step) ? most : Math.max(most, step.spentMs)),
    0,
  );
  const found = new Set<number>();
  for (const [index, step] of steps.entries()) {
    const shouldMs = usualMs ? (usualMs[index] ?? 0) : longestMs;
    if (endedAtOnce(step) && isTooQuick(step.spentMs, shouldMs)) found.add(index);
  }
  return usualMs === null && found.size < LEAST_IN_FIRST_RUN ? new Set() : found;
}

/** Tells whether a step was completed in the first moments of its run. */
export function endedAtOnce({ status, endedAtMs }: StepState): boolean {
  return status === 'completed' && endedAtMs !== null && endedAtMs <= PRIORS.firstMomentsMs;
}

/** Tells whether a step was so much faster than expected that its work cannot have been done in that time. */
export function isTooQuick(spentMs: number, shouldMs: number): boolean {
  return spentMs * PRIORS.sharpBend < shouldMs;
}
