import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../src/eta/estimator.ts';
import { bandText, etaText } from '../../src/present/eta.ts';
import type { Look } from '../../src/present/look.ts';

const M = 60_000;
const look: Look = {
  nowMs: Date.UTC(2026, 10, 21, 14, 30),
  width: 80,
  ascii: false,
  stallAfterMs: 30_000,
  timeZone: 'UTC',
  estimate: () => null,
};
const estimate = (remainingMs: number, lowMs: number, highMs: number): Estimate => ({
  remainingMs,
  lowMs,
  highMs,
  basis: 'steps',
});

describe('etaText', () => {
  it.each([
    [null, ''],
    [estimate(4 * M, 2 * M, 9 * M), '~4m'],
    [estimate(33_000, 20_000, 60_000), '~35s'],
    [estimate(95 * M, 80 * M, 120 * M), '~16:05'],
    [estimate(2_000, 1_000, 4_000), 'soon'],
    [estimate(4 * M, M, 11 * M), 'first run'],
  ])('%j: %s', (given, text) => expect(etaText(given, look).text).toBe(text));
});

describe('bandText', () => {
  it.each([
    [null, ''],
    [estimate(4 * M, 2 * M, 9 * M), '2–9m'],
    [estimate(M, 35_000, 2 * M), '35s–2m'],
    [estimate(70 * M, 50 * M, 133 * M), '50m–2h15m'],
    [estimate(M, M, M), '1m'],
  ])('%j: %s', (given, text) => expect(bandText(given, look)).toBe(text));

  it('in ASCII', () =>
    expect(bandText(estimate(4 * M, 2 * M, 9 * M), { ...look, ascii: true })).toBe('2-9m'));
});
