import { PRIORS } from './priors.ts';
import type { StepState } from './run-state.ts';

/** A single quick step at the start of a first run is just a quick step. */
const LEAST_IN_FIRST_RUN = 2;

/**
 * The steps that were found done in the first moments of the run (a cache, a checkpoint), by their index: over at once,
 * and much quicker than usual (`usualMs`, by step), or in a first run (null) than the longest of the others.
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

/** Was the step over in the first moments of its run? */
export function endedAtOnce({ status, endedAtMs }: StepState): boolean {
  return status === 'completed' && endedAtMs !== null && endedAtMs <= PRIORS.firstMomentsMs;
}

/** Is it so much quicker than it should be that nobody did it? */
export function isTooQuick(spentMs: number, shouldMs: number): boolean {
  return spentMs * PRIORS.sharpBend < shouldMs;
}
