import { describe, expect, it } from 'vitest';
import { createEstimator } from '../../src/eta/create-estimator.ts';

describe('createEstimator', () => {
  it('knows nothing before anything has moved', () => {
    const estimator = createEstimator({ steps: ['a', 'b'] });
    estimator.update({ t: 0, step: 0, status: 'running' });
    expect(estimator.estimate(5_000)).toBeNull();
  });

  it('takes the pace of the steps, sub-progress included', () => {
    const estimator = createEstimator({ steps: ['a', 'b', 'c', 'd'] });
    estimator.update({ t: 10_000, step: 0, status: 'completed' });
    estimator.update({ t: 10_000, step: 1, status: 'running', progress: 0 });
    expect(estimator.estimate(10_000)).toMatchObject({ remainingMs: 30_000, basis: 'steps' });
    estimator.update({ t: 20_000, step: 1, status: 'running', progress: 60 });
    expect(estimator.estimate(20_000)?.remainingMs).toBe(30_000);
  });

  it('keeps its end while nothing is said, instead of moving it away', () => {
    const estimator = createEstimator({ steps: ['whole'] });
    estimator.update({ t: 10_000, step: 0, status: 'running', progress: 50 });
    expect(estimator.estimate(12_000)).toMatchObject({ remainingMs: 8_000, basis: 'rate' });
    expect(estimator.estimate(60_000)?.remainingMs).toBe(0);
  });

  it('believes the publisher’s own figure first', () => {
    const estimator = createEstimator({ steps: ['whole'] });
    estimator.update({ t: 10_000, step: 0, status: 'running', progress: 50, reportedMs: 3_000 });
    expect(estimator.estimate(11_000)).toMatchObject({ remainingMs: 2_000, basis: 'reported' });
  });

  it('gives a band around the figure', () => {
    const estimator = createEstimator({ steps: ['whole'] });
    estimator.update({ t: 10_000, step: 0, status: 'running', progress: 50 });
    const { lowMs, remainingMs, highMs } = estimator.estimate(10_000) ?? {
      lowMs: 0,
      remainingMs: 0,
      highMs: 0,
    };
    expect(lowMs).toBeLessThan(remainingMs);
    expect(highMs).toBeGreaterThan(remainingMs);
  });

  it('is not misled by figures that are none, or steps that are not there', () => {
    const estimator = createEstimator({ steps: ['whole'] });
    estimator.update({
      t: 10_000,
      step: 0,
      status: 'running',
      progress: Number.NaN,
      reportedMs: Number.POSITIVE_INFINITY,
    });
    estimator.update({ t: 10_000, step: 7, status: 'completed' });
    expect(estimator.estimate(10_000)).toBeNull();
  });
});
