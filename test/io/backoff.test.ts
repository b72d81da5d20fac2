import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../src/io/backoff.ts';

describe('the back-off', () => {
  it('doubles up to a minute', () => {
    const backoff = createBackoff({ random: () => 1 });
    const delays = Array.from({ length: 8 }, () => backoff.next());
    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('leaves half of each delay to chance, and never goes below a second', () => {
    const backoff = createBackoff({ random: () => 0 });
    const delays = Array.from({ length: 8 }, () => backoff.next());
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('starts small again after a success', () => {
    const backoff = createBackoff({ random: () => 0 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(1_000);
  });

  it('keeps to other bounds', () => {
    const backoff = createBackoff({ shortestMs: 100, longestMs: 300, random: () => 1 });
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([200, 300, 300]);
  });
});
