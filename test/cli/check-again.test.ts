import { describe, expect, it } from 'vitest';
import { checkAgainIn } from '../../src/cli/commands/mcp/check-again.ts';

describe('when it pays to look again', () => {
  it.each([
    [null, 60],
    [{ remainingMs: 100_000, lowMs: 80_000, highMs: 150_000 }, 140],
    [{ remainingMs: 100_000, lowMs: 100_000, highMs: 100_000 }, 100],
    [{ remainingMs: 0, lowMs: 0, highMs: 0 }, 2],
    [{ remainingMs: 100_000, lowMs: 0, highMs: 50_000 }, 100],
    [{ remainingMs: 9e9, lowMs: 0, highMs: 9e10 }, 3_600],
  ])('%j: in %i s', (estimate, seconds) => {
    expect(checkAgainIn(estimate && { ...estimate, basis: 'history' })).toBe(seconds);
  });
});
