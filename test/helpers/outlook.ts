import type { Outlook } from '../../src/eta/outlook.ts';

/** An estimate by the pace of the steps, with nothing else known but what is given. */
export function makeOutlook(given: Partial<Outlook> = {}): Outlook {
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
