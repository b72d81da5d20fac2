import { describe, expect, it } from 'vitest';
import { createEtaIndex } from '../../src/eta/eta-index.ts';
import { NO_RUNS } from '../../src/eta/history.ts';
import { makeStep, makeTask } from '../helpers/task.ts';

const KIND = 'job-runs';
const past = [10_000, 10_500, 9_500, 10_200, 9_800, 10_100];
const running = makeTask('Backup', { startedAt: 100_000, steps: [], pastDurationsMs: past });
const silent = {
  runsLike: () => NO_RUNS,
  usualMs: () => null,
  score: () => null,
  learn: () => {},
  close: () => {},
};

describe('a job whose source knows how long it took before', () => {
  it('is estimated from the first moment on, without any history here', () => {
    const index = createEtaIndex();
    index.observe(KIND, running, 100_000);
    const shownEstimate = index.shownEstimate(running.id, 104_000);
    expect(shownEstimate).toMatchObject({ basis: 'history', earlierRuns: 6, usualMs: 10_050 });
    expect(shownEstimate?.remainingMs).toBeGreaterThan(4_000);
    expect(shownEstimate?.remainingMs).toBeLessThan(8_000);
    expect(index.usualMs(KIND, running)).toBe(10_050);
  });

  it('keeps that when the history here knows less, and gives way when it knows as much', () => {
    const index = createEtaIndex();
    index.remember(silent);
    index.observe(KIND, running, 100_000);
    expect(index.shownEstimate(running.id, 104_000)).toMatchObject({ usualMs: 10_050 });

    const longer = past.map(() => ({
      steps: ['backup'],
      events: [{ t: 0, step: 0, status: 'running' as const }],
      durationMs: 60_000,
    }));
    const learnt = createEtaIndex();
    learnt.remember({ ...silent, runsLike: () => ({ of: 'job', runs: longer }) });
    learnt.observe(KIND, running, 100_000);
    expect(learnt.shownEstimate(running.id, 104_000)).toMatchObject({ usualMs: 60_000 });
  });

  it('is left to its steps where it has several: their durations are not known', () => {
    const index = createEtaIndex();
    const stepped = { ...running, steps: [makeStep(0, { status: 'running' }), makeStep(1)], totalSteps: 2 };
    index.observe(KIND, stepped, 100_000);
    expect(index.shownEstimate(running.id, 104_000)).toBeNull();
    expect(index.shownEstimate(running.id, 130_000)).toMatchObject({ basis: 'steps', earlierRuns: 0 });
  });
});
