import { describe, expect, it } from 'vitest';
import type { ShownEstimate } from '../../src/eta/shown-estimate.ts';
import { bandText, etaText, etaWords, publisherText } from '../../src/present/eta.ts';
import type { RenderContext } from '../../src/present/render-context.ts';

const M = 60_000;
const context: RenderContext = {
  nowMs: Date.UTC(2026, 10, 21, 14, 30),
  width: 80,
  ascii: false,
  stallAfterMs: 30_000,
  timeZone: 'UTC',
  estimate: () => null,
};
const shownEstimate = (
  remainingMs: number,
  lowMs: number,
  highMs: number,
  given: Partial<ShownEstimate> = {},
): ShownEstimate => ({
  remainingMs,
  lowMs,
  highMs,
  basis: 'steps',
  earlierRuns: 0,
  usualMs: null,
  isVague: highMs > 10 * lowMs && highMs > 10_000,
  lateAt: context.nowMs + highMs,
  reviewAt: Number.POSITIVE_INFINITY,
  delay: null,
  publisherFactor: null,
  ...given,
});
const past = { lateAt: context.nowMs - 1 };

describe('etaText', () => {
  it.each([
    [null, 99, ''],
    [shownEstimate(4 * M, 2 * M, 9 * M), 99, '~4m (2–9m)'],
    [shownEstimate(4 * M, 2 * M, 9 * M), 10, '~4m (2–9m)'],
    [shownEstimate(4 * M, 2 * M, 9 * M), 9, '~4m'],
    [shownEstimate(33_000, 20_000, 60_000), 99, '~35s (20s–1m)'],
    [shownEstimate(33_000, 31_000, 34_000), 99, '~35s'],
    [shownEstimate(95 * M, 80 * M, 120 * M), 99, '~16:05'],
    [shownEstimate(2_000, 1_000, 4_000), 99, 'soon'],
    [shownEstimate(4 * M, M, 11 * M), 99, 'first run'],
    [shownEstimate(4 * M, 2 * M, 9 * M, { delay: 'than-usual' }), 99, '~4m, slower'],
    [shownEstimate(4 * M, 2 * M, 9 * M, { delay: 'than-usual' }), 5, '~4m'],
    [shownEstimate(4 * M, 2 * M, 9 * M, { ...past, usualMs: 3 * M }), 16, 'late, usually 3m'],
    [shownEstimate(4 * M, 2 * M, 9 * M, { ...past, usualMs: 3 * M }), 13, 'late'],
    [shownEstimate(4 * M, 2 * M, 9 * M, past), 99, 'late'],
  ])('%j in %d columns: %s', (given, room, text) => expect(etaText(given, context, room).text).toBe(text));

  it('is looked at again when the figure changes, or when it becomes late', () => {
    expect(etaText(shownEstimate(4 * M, 2 * M, 9 * M), context).until).toBe(context.nowMs + M / 2);
    expect(etaText(shownEstimate(2_000, 1_000, 4_000), context).until).toBe(context.nowMs + 4_001);
    expect(etaText(shownEstimate(4 * M, 2 * M, 9 * M, past), context).until).toBe(Number.POSITIVE_INFINITY);
  });

  it('changes figure and band at the same moment, and not between', () => {
    const texts = new Set<string>();
    const given = shownEstimate(5.4 * M, 3.1 * M, 8.2 * M);
    for (let passedMs = 0; passedMs < 2 * M; passedMs += 1_000) {
      const moved = {
        ...given,
        remainingMs: 5.4 * M - passedMs,
        lowMs: 3.1 * M - passedMs,
        highMs: 8.2 * M - passedMs,
      };
      texts.add(etaText(moved, { ...context, nowMs: context.nowMs + passedMs }).text);
    }
    expect([...texts]).toEqual(['~5m (3–8m)', '~4m (2–7m)', '~3m (1–6m)']);
  });
});

describe('bandText', () => {
  it.each([
    [null, ''],
    [shownEstimate(4 * M, 2 * M, 9 * M), '2–9m'],
    [shownEstimate(40_000, 35_000, 2 * M), '35s–2m'],
    [shownEstimate(70 * M, 50 * M, 133 * M), '50m–2h15m'],
    [shownEstimate(M, M, M), ''],
    [shownEstimate(10_000, 0, 30_000), '0–30s'],
  ])('%j: %s', (given, text) => expect(bandText(given, context)).toBe(text));

  it('in ASCII', () =>
    expect(bandText(shownEstimate(4 * M, 2 * M, 9 * M), { ...context, ascii: true })).toBe('2-9m'));
});

describe('in words', () => {
  it.each([
    [null, ''],
    [shownEstimate(4 * M, 2 * M, 9 * M), '~4m left (2–9m)'],
    [shownEstimate(95 * M, 80 * M, 120 * M), '~1h35m left (1h20m–2h00m)'],
    [shownEstimate(4 * M, M, 11 * M), ''],
    [shownEstimate(4 * M, 2 * M, 9 * M, { ...past, usualMs: 3 * M }), 'late, usually 3m'],
  ])('%j: %s', (given, text) => expect(etaWords(given, context)).toBe(text));

  it.each([
    [null, ''],
    [1.1, ''],
    [2.34, 'its own estimates run 2.3× late'],
    [0.5, 'its own estimates are 2.0× too long'],
  ])('a publisher who is off by %s: %s', (publisherFactor, text) =>
    expect(publisherText(shownEstimate(M, M, M, { publisherFactor }), context)).toBe(text),
  );
});
