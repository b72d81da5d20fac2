import { describe, expect, it } from 'vitest';
import { createEstimator } from '../../src/eta/create-estimator.ts';
import type { EarlierRun } from '../../src/eta/estimator.ts';

const runOf = (durationMs: number): EarlierRun => ({
  steps: ['whole'],
  durationMs,
  events: [{ t: 0, step: 0, status: 'running' }],
});

function bandAfter(durations: readonly number[]): number {
  const estimator = createEstimator({ steps: ['whole'], history: durations.map(runOf) });
  estimator.update({ t: 0, step: 0, status: 'running' });
  const estimate = estimator.estimate(0);
  return (estimate?.highMs ?? 0) / (estimate?.lowMs ?? 0);
}

describe('the band', () => {
  it('is narrower for a job whose runs were foretold well, wider where they were not', () => {
    const steady = bandAfter([60_000, 61_000, 60_500, 59_500, 60_000]);
    const first = bandAfter([60_000]);
    const wild = bandAfter([60_000, 10_000, 240_000, 20_000, 400_000]);
    expect(steady).toBeLessThan(first / 2);
    expect(wild).toBeGreaterThan(first * 1.3);
  });
});
