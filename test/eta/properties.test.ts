import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEstimator } from '../../src/eta/create-estimator.ts';
import type { EarlierRun, ProgressUpdate } from '../../src/eta/estimator.ts';

const STEPS = ['fetch', 'build', 'build', 'test', 'pack'];

const anyNumber = fc.oneof(
  fc.double({ min: 0, max: 1e9, noNaN: true }),
  fc.double(), // NaN, infinities and all
  fc.constantFrom(0, -1, 99, 100, 1e300),
);

const anyUpdate: fc.Arbitrary<ProgressUpdate> = fc
  .record({
    t: anyNumber,
    step: fc.oneof(fc.integer({ min: 0, max: STEPS.length }), fc.constantFrom(-1, 0.5, Number.NaN)),
    status: fc.constantFrom('pending', 'running', 'completed', 'failed', 'skipped'),
    progress: fc.option(anyNumber, { nil: undefined }),
    reportedMs: fc.option(anyNumber, { nil: undefined }),
  })
  .map(({ progress, reportedMs, ...update }) => ({
    ...update,
    ...(progress === undefined ? {} : { progress }),
    ...(reportedMs === undefined ? {} : { reportedMs }),
  }));

const anyRun: fc.Arbitrary<EarlierRun> = fc.record({
  steps: fc.constantFrom(STEPS, ['build'], ['pack', 'fetch'], []),
  events: fc.array(anyUpdate, { maxLength: 30 }),
  durationMs: anyNumber,
});

/** A progress whose reciprocal no number can hold. */
const FROM_ALMOST_NOTHING: ProgressUpdate[] = [
  { t: 5e-324, step: 0, status: 'running', progress: 2.5e-322 },
  { t: 0, step: 1, status: 'running' },
];

describe('whatever it is told', () => {
  it('the estimate is a number of milliseconds inside its band, or there is none', () => {
    fc.assert(
      fc.property(
        fc.array(anyRun, { maxLength: 4 }),
        fc.array(anyUpdate, { maxLength: 40 }),
        fc.constantFrom(STEPS, ['build'], []),
        anyNumber,
        (history, updates, steps, last) => {
          const estimator = createEstimator({ steps, history });
          for (const update of [...updates, null]) {
            if (update) estimator.update(update);
            const estimate = estimator.estimate(update?.t ?? last);
            if (!estimate) continue;
            const { remainingMs, lowMs, highMs } = estimate;
            expect([remainingMs, lowMs, highMs].every(Number.isFinite)).toBe(true);
            expect(0 <= lowMs && lowMs <= remainingMs && remainingMs <= highMs).toBe(true);
          }
        },
      ),
      { numRuns: 500, examples: [[[], FROM_ALMOST_NOTHING, STEPS, 0]] },
    );
  });

  it('steps at the same moment may come in any order', () => {
    const said = [0, 1, 3].map(
      (step): ProgressUpdate => ({ t: 9_000, step, status: 'running', progress: 40 }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(said, { minLength: 3 }), (updates) => {
        const [inOrder, shuffled] = [said, updates].map((told) => {
          const estimator = createEstimator({ steps: STEPS });
          for (const update of told) estimator.update(update);
          return estimator.estimate(20_000)?.remainingMs ?? 0;
        });
        expect((shuffled ?? 0) / (inOrder ?? 1)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('the same said twice changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 1e6 }), (progress, t) => {
        const [once, twice] = [1, 2].map((times) => {
          const estimator = createEstimator({ steps: ['whole'] });
          const update: ProgressUpdate = { t, step: 0, status: 'running', progress };
          for (let said = 0; said < times; said += 1) estimator.update(update);
          return estimator.estimate(t * 2);
        });
        expect(twice).toEqual(once);
      }),
    );
  });
});

describe('time that passes without news', () => {
  it('lets the remaining time of a job that is well known only become less, until it is overdue', () => {
    const durations = fc.array(fc.integer({ min: 1_000, max: 60_000 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(durations, fc.integer({ min: 3, max: 8 }), (steps, times) => {
        const history = Array(times).fill(runOf(steps));
        const estimator = createEstimator({ steps: steps.map(String), history });
        estimator.update({ t: 0, step: 0, status: 'running' });
        const due = (steps[0] ?? 0) * 0.5;
        let before = Number.POSITIVE_INFINITY;
        for (let t = 0; t <= due; t += due / 20) {
          const left = estimator.estimate(t)?.remainingMs ?? 0;
          expect(left).toBeLessThanOrEqual(before);
          before = left;
        }
      }),
    );
  });
});

function runOf(durations: readonly number[]): EarlierRun {
  let t = 0;
  const events = durations.flatMap((durationMs, step): ProgressUpdate[] => {
    const start = t;
    t += durationMs;
    return [
      { t: start, step, status: 'running' },
      { t, step, status: 'completed' },
    ];
  });
  return { steps: durations.map(String), events, durationMs: t };
}
