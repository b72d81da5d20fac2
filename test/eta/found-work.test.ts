import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEstimator } from '../../src/eta/create-estimator.ts';
import type { EarlierRun, Estimate, ProgressUpdate } from '../../src/eta/estimator.ts';

const START: ProgressUpdate = { t: 0, step: 0, status: 'running' };
const bar = (t: number, progress: number): ProgressUpdate => ({ t, step: 0, status: 'running', progress });

function estimateAfter(
  updates: readonly ProgressUpdate[],
  at: number,
  history: readonly EarlierRun[] = [],
): Estimate | null {
  const estimator = createEstimator({ steps: ['all'], history });
  for (const update of updates) estimator.update(update);
  return estimator.estimate(at);
}

const holds = (estimate: Estimate | null, trueMs: number) =>
  estimate !== null && estimate.lowMs <= trueMs && trueMs <= estimate.highMs;

/** What was found at `foundAtMs`, then steady work: `updates` until now, and what is left in truth. */
const resumed = fc
  .record({
    found: fc.double({ min: 10, max: 95, noNaN: true }),
    foundAtMs: fc.integer({ min: 1, max: 1_400 }),
    everyMs: fc.integer({ min: 200, max: 60_000 }),
    reports: fc.integer({ min: 100, max: 2_000 }),
    seen: fc.integer({ min: 5, max: 80 }),
    saidNothing: fc.boolean(),
  })
  .map(({ found, foundAtMs, everyMs, reports, seen, saidNothing }) => {
    const each = (100 - found) / reports;
    const work = Array.from({ length: seen }, (_, index) =>
      bar(foundAtMs + (index + 1) * everyMs, found + (index + 1) * each),
    );
    return {
      updates: [START, ...(saidNothing ? [bar(0, 0)] : []), bar(foundAtMs, found), ...work],
      now: foundAtMs + seen * everyMs,
      leftMs: (reports - seen) * everyMs,
      // So much faster than the work that no steady bar goes: else nobody can tell it from work.
      isTold: found / foundAtMs > 20 * (each / everyMs),
    };
  });

describe('what was found done', () => {
  it('is no pace: a few reports later the band of a first run holds what is left in truth', () => {
    fc.assert(
      fc.property(resumed, ({ updates, now, leftMs, isTold }) => {
        fc.pre(isTold);
        expect(holds(estimateAfter(updates, now), leftMs)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('says nothing as long as nothing was done since', () => {
    expect(estimateAfter([START, bar(900, 60)], 2_000)).toBeNull();
    expect(estimateAfter([START, bar(0, 0), bar(900, 60)], 2_000)).toBeNull();
    expect(estimateAfter([START, bar(900, 60), bar(2_000, 60.1)], 2_000)?.remainingMs).toBeGreaterThan(
      60_000,
    );
  });

  it('is work where all goes on as it began', () => {
    const steady = Array.from({ length: 6 }, (_, index) => bar((index + 1) * 1_000, (index + 1) * 10));
    expect(estimateAfter([START, ...steady], 6_000)?.remainingMs).toBeCloseTo(4_000, -3);
  });

  it('is told from work also where one looks later', () => {
    const seen = Array.from({ length: 10 }, (_, index) => bar(31_000 + index * 1_000, 63.1 + index * 0.1));
    expect(holds(estimateAfter([START, ...seen], 40_000), 360_000)).toBe(true);
  });

  it('is not what the job takes from now on', () => {
    const run: EarlierRun = {
      steps: ['all'],
      durationMs: 401_000,
      events: [
        START,
        ...Array.from({ length: 400 }, (_, index) => bar(1_000 + index * 1_000, 60 + index * 0.1)),
      ],
    };
    const next = estimateAfter([START], 0, [run, run, run]);
    expect(holds(next, 1_000_000)).toBe(true);
    expect(next?.remainingMs).toBeGreaterThan(600_000);
  });

  describe('of steps', () => {
    const STEPS = Array.from({ length: 8 }, (_, index) => `stage ${index}`);
    /** The first `cached` of them are over at once, the others take a minute each. */
    const runOf = (cached: number): EarlierRun => {
      const endOf = (step: number) =>
        Math.min(step + 1, cached) * 10 + Math.max(0, step + 1 - cached) * 60_000;
      const events = STEPS.flatMap((_, step): ProgressUpdate[] => [
        { t: step === 0 ? 0 : endOf(step - 1), step, status: 'running' },
        { t: endOf(step), step, status: 'completed' },
      ]);
      return { steps: STEPS, events, durationMs: endOf(STEPS.length - 1) };
    };
    const estimateIn = (cached: number, done: number, history: readonly EarlierRun[] = []) => {
      const run = runOf(cached);
      const estimator = createEstimator({ steps: STEPS, history });
      const now = (run.events[2 * done - 1] as ProgressUpdate).t + 1_000;
      for (const event of run.events) if (event.t <= now) estimator.update(event);
      return { estimate: estimator.estimate(now), leftMs: run.durationMs - now };
    };

    it.each([2, 3, 4, 5, 6])('is no pace: %i of 8 from a cache, one done', (cached) => {
      const { estimate, leftMs } = estimateIn(cached, cached + 1);
      expect(holds(estimate, leftMs)).toBe(true);
    });

    it('says nothing of the others as long as none of them is done', () => {
      expect(estimateIn(6, 6).estimate).toBeNull();
    });

    it.each([1, 4, 7])('does not hurry what is known to take its time: %i of 8', (cached) => {
      const { estimate, leftMs } = estimateIn(cached, cached, [runOf(0), runOf(0), runOf(0)]);
      expect((estimate?.remainingMs ?? 0) / leftMs).toBeGreaterThan(0.85);
    });

    it('is forgotten where other runs did the work', () => {
      const { estimate, leftMs } = estimateIn(0, 1, [runOf(0), runOf(0), runOf(6), runOf(0)]);
      expect((estimate?.remainingMs ?? 0) / leftMs).toBeGreaterThan(0.6);
    });
  });
});

describe('a bar that falls', () => {
  it('is believed where its total grew: as if it had been that large from the start', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.4, max: 0.98, noNaN: true }),
        fc.integer({ min: 500, max: 20_000 }),
        (factor, everyMs) => {
          const before = Array.from({ length: 25 }, (_, index) => bar(index * everyMs, index * 2));
          const onwards = (from: number) =>
            Array.from({ length: 5 }, (_, index) =>
              bar((25 + index) * everyMs, (from + 2 * (index + 1)) * factor),
            );
          const scaled = before.map((update) => ({ ...update, progress: (update.progress ?? 0) * factor }));
          const grown = estimateAfter([START, ...before, ...onwards(48)], 29 * everyMs);
          const always = estimateAfter([START, ...scaled, ...onwards(48)], 29 * everyMs);
          expect((grown?.remainingMs ?? 0) / (always?.remainingMs ?? 1)).toBeCloseTo(1, 1);
        },
      ),
    );
  });

  it.each([
    ['slower', 0.4],
    ['faster', 10],
  ])('to nothing begins anew, at a pace of its own: %s', (_how, percentASecond) => {
    const first = Array.from({ length: 50 }, (_, index) => bar(index * 1_000, 2 * index));
    const second = Array.from({ length: 6 }, (_, index) =>
      bar(50_000 + index * 1_000, index * percentASecond),
    );
    const leftMs = ((100 - 5 * percentASecond) / percentASecond) * 1_000;
    const estimate = estimateAfter([START, ...first, ...second], 55_000);
    expect((estimate?.remainingMs ?? 0) / leftMs).toBeGreaterThan(0.4);
    expect((estimate?.remainingMs ?? 0) / leftMs).toBeLessThan(2);
  });

  it('begins anew where the step itself does', () => {
    const updates: ProgressUpdate[] = [
      START,
      bar(50_000, 80),
      { t: 50_000, step: 0, status: 'failed' },
      { t: 51_000, step: 0, status: 'running' },
    ];
    const again = [...updates, bar(52_000, 1), bar(61_000, 10), bar(71_000, 20)];
    expect(holds(estimateAfter(again, 71_000), 80_000)).toBe(true);
  });
});

describe('a job that ran once', () => {
  it.each([18_000, 300_000, 7_200_000])('for %i ms is expected to take about as long', (durationMs) => {
    const silent: EarlierRun = { steps: ['all'], events: [], durationMs };
    const withBar: EarlierRun = {
      steps: ['all'],
      durationMs,
      events: [
        START,
        ...Array.from({ length: 20 }, (_, index) => bar(((index + 1) * durationMs) / 21, (index + 1) * 5)),
      ],
    };
    for (const run of [silent, withBar]) {
      const estimate = estimateAfter([START], 0, [run]);
      expect((estimate?.remainingMs ?? 0) / durationMs).toBeGreaterThan(0.7);
      expect((estimate?.remainingMs ?? 0) / durationMs).toBeLessThan(1.1);
    }
  });
});
