import { describe, expect, it } from 'vitest';
import { checkAgainIn, WAIT_FOR_S } from '../../src/eta/check-again.ts';

describe('when it pays to wait again', () => {
  it.each([
    ['nothing is known', null, 60],
    ['a band that no call spans', { remainingMs: 100_000, lowMs: 60_000, highMs: 150_000 }, 125 - WAIT_FOR_S],
    ['a band that one call spans', { remainingMs: 100_000, lowMs: 90_000, highMs: 120_000 }, 90],
    ['no band', { remainingMs: 100_000, lowMs: 100_000, highMs: 100_000 }, 100],
    ['an end soon', { remainingMs: 20_000, lowMs: 1_000, highMs: 60_000 }, 2],
    ['an end that is overdue', { remainingMs: 0, lowMs: 0, highMs: 0 }, 2],
    ['a band below the figure', { remainingMs: 100_000, lowMs: 0, highMs: 50_000 }, 100 - WAIT_FOR_S],
    ['an end next year', { remainingMs: 9e9, lowMs: 0, highMs: 9e10 }, 6 * 3_600],
  ])('%s', (_what, estimate, seconds) => {
    expect(checkAgainIn(estimate && { ...estimate, basis: 'history' })).toBe(seconds);
  });
});
