import type { ShownEstimate } from '../../src/eta/shown-estimate.ts';

/** Returns an estimate from the pace of the steps, with nothing else known but what is given. */
export function makeShownEstimate(given: Partial<ShownEstimate> = {}): ShownEstimate {
  return {
    remainingMs: 40_000,
    lowMs: 25_000,
    highMs: 70_000,
    basis: 'steps',
    earlierRuns: 0,
    usualMs: null,
    isVague: false,
    lateAt: Number.POSITIVE_INFINITY,
    reviewAt: Number.POSITIVE_INFINITY,
    delay: null,
    publisherFactor: null,
    ...given,
  };
}
