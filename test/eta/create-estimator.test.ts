import { describe, expect, it } from 'vitest';
import { createEstimator } from '../../src/eta/create-estimator.ts';
import type { EarlierRun, Estimator, ProgressUpdate } from '../../src/eta/estimator.ts';

/** A run whose steps take turns, each as long as said, each with a bar of tenths where asked. */
function runOf(durations: Readonly<Record<string, number>>, options: { bars?: boolean } = {}): EarlierRun {
  let t = 0;
  const events = Object.values(durations).flatMap((durationMs, step): ProgressUpdate[] => {
    const start = t;
    t += durationMs;
    const tenths = options.bars
      ? Array.from(
          { length: 9 },
          (_, k): ProgressUpdate => ({
            t: start + ((k + 1) * durationMs) / 10,
            step,
            status: 'running',
            progress: (k + 1) * 10,
          }),
        )
      : [];
    return [
      { t: start, step, status: 'running' },
      ...tenths,
      { t: start + durationMs, step, status: 'completed' },
    ];
  });
  return { steps: Object.keys(durations), events, durationMs: t };
}

function tell(estimator: Estimator, events: readonly ProgressUpdate[], untilMs: number): void {
  for (const event of events) if (event.t <= untilMs) estimator.update(event);
}

function estimateAt(estimator: Estimator, t: number) {
  const estimate = estimator.estimate(t);
  if (!estimate) throw new Error('no estimate');
  return estimate;
}

describe('a task without steps', () => {
  const bar = (estimator: Estimator, step?: number) => {
    const told = step === undefined ? {} : { step, status: 'running' as const };
    for (const percent of [0, 10, 20, 30]) estimator.update({ t: percent * 100, progress: percent, ...told });
    return estimateAt(estimator, 3_000);
  };
  it('is one step, whose index and status need not be told', () => {
    expect(bar(createEstimator({ steps: [], job: 'j', history: [] }))).toEqual(
      bar(createEstimator({ steps: ['all'] }), 0),
    );
    expect(createEstimator({}).estimate(0)).toBeNull();
  });
  it('learns from runs without steps as from those of one step', () => {
    const earlier = runOf({ all: 20_000 });
    const history = [earlier, earlier];
    const known = bar(createEstimator({ steps: ['all'], history }), 0);
    const without = history.map((run) => ({ ...run, steps: [] }));
    expect(known.basis).toBe('history');
    expect(bar(createEstimator({ steps: [], history: without }))).toMatchObject({ basis: 'history' });
  });
  it('moves no step of several by what is told without an index', () => {
    const estimator = createEstimator({ steps: ['a', 'b'] });
    estimator.update({ t: 0, step: 0, status: 'running' });
    estimator.update({ t: 1_000, step: 0, status: 'completed' });
    const before = estimateAt(estimator, 1_000);
    estimator.update({ t: 1_000, status: 'running', progress: 1 });
    expect(estimateAt(estimator, 1_000)).toEqual(before);
  });
});

describe('a first run', () => {
  it('is null before anything has moved', () => {
    const estimator = createEstimator({ steps: ['a', 'b'] });
    expect(estimator.estimate(5_000)).toBeNull();
    estimator.update({ t: 0, step: 0, status: 'pending' });
    estimator.update({ t: 0, step: 7, status: 'completed' });
    expect(estimator.estimate(5_000)).toBeNull();
    estimator.update({ t: 5_000, step: 0, status: 'running' });
    expect(estimator.estimate(5_000)).not.toBeNull();
  });

  it('is null as long as nothing took any time', () => {
    const estimator = createEstimator({ steps: ['a', 'b'] });
    estimator.update({ t: 5_000, step: 0, status: 'skipped' });
    expect(estimator.estimate(9_000)).toBeNull();
    estimator.update({ t: 9_000, step: 1, status: 'running' });
    expect(estimator.estimate(9_000)).not.toBeNull();
  });

  it('follows a steady bar', () => {
    const estimator = createEstimator({ steps: ['whole'] });
    tell(estimator, runOf({ whole: 100_000 }, { bars: true }).events, 70_000);
    const { remainingMs, basis } = estimateAt(estimator, 70_000);
    expect(basis).toBe('rate');
    expect(remainingMs / 30_000).toBeCloseTo(1, 1);
  });

  it('takes steps to come for steps like those that are done', () => {
    const estimator = createEstimator({ steps: ['a', 'b', 'c', 'd'] });
    tell(estimator, runOf({ a: 10_000, b: 10_000, c: 10_000, d: 10_000 }).events, 30_000);
    const { remainingMs, basis } = estimateAt(estimator, 30_000);
    expect(basis).toBe('steps');
    expect(remainingMs).toBeGreaterThan(6_000);
    expect(remainingMs).toBeLessThan(11_000);
  });

  it('lets a step that says nothing take longer, the longer it has taken', () => {
    const estimator = createEstimator({ steps: ['silent'] });
    estimator.update({ t: 0, step: 0, status: 'running' });
    const after = [1_000, 10_000, 100_000].map((t) => estimateAt(estimator, t).remainingMs / t);
    expect(after[0]).toBeGreaterThan(0.1);
    for (const share of after) expect(share).toBeCloseTo(after[0] ?? 0, 2);
  });
});

describe('a later run', () => {
  const usual = runOf({ fetch: 10_000, build: 60_000, test: 30_000 });

  it('knows what is to come before anything has moved', () => {
    const estimator = createEstimator({ steps: usual.steps, history: [usual, usual, usual] });
    const { remainingMs, lowMs, highMs, basis } = estimateAt(estimator, 0);
    expect(basis).toBe('history');
    expect(remainingMs / 100_000).toBeCloseTo(1, 1);
    expect(lowMs).toBeLessThan(100_000);
    expect(highMs).toBeGreaterThan(100_000);
  });

  it('is corrected by its own pace', () => {
    const estimator = createEstimator({ steps: usual.steps, history: [usual] });
    tell(estimator, runOf({ fetch: 20_000, build: 120_000, test: 60_000 }).events, 140_000);
    const { remainingMs } = estimateAt(estimator, 140_000);
    expect(remainingMs).toBeGreaterThan(35_000);
    expect(remainingMs).toBeLessThan(65_000);
  });

  it('keeps its end while a step takes no longer than usual, and moves it once it is overdue', () => {
    const estimator = createEstimator({
      steps: ['a', 'b'],
      history: Array(5).fill(runOf({ a: 50_000, b: 50_000 })),
    });
    estimator.update({ t: 0, step: 0, status: 'running' });
    const endAt = (t: number) => t + estimateAt(estimator, t).remainingMs;
    const [first = 0, second = 0, overdue = 0] = [1_000, 25_000, 100_000].map(endAt);
    expect(Math.abs(second - first)).toBeLessThan(3_000);
    expect(overdue - second).toBeGreaterThan(40_000);
  });

  it('follows the usual course of a bar that is not straight', () => {
    const course: EarlierRun = {
      steps: ['bundle'],
      durationMs: 100_000,
      events: [
        { t: 0, step: 0, status: 'running' },
        { t: 5_000, step: 0, status: 'running', progress: 50 },
        { t: 10_000, step: 0, status: 'running', progress: 90 },
        { t: 100_000, step: 0, status: 'completed' },
      ],
    };
    const estimator = createEstimator({ steps: ['bundle'], history: [course, course, course, course] });
    tell(estimator, course.events, 10_000);
    expect(estimateAt(estimator, 10_000).remainingMs).toBeGreaterThan(50_000);
  });

  it('knows steps by their names, and takes new ones for usual ones', () => {
    const steps = ['test', 'lint', 'build'];
    const estimator = createEstimator({ steps, history: [usual, usual, usual] });
    estimator.update({ t: 0, step: 0, status: 'running' });
    estimator.update({ t: 30_000, step: 0, status: 'completed' });
    estimator.update({ t: 30_000, step: 1, status: 'running' });
    estimator.update({ t: 31_000, step: 1, status: 'completed' });
    estimator.update({ t: 31_000, step: 2, status: 'running' });
    const { remainingMs } = estimateAt(estimator, 31_000);
    expect(remainingMs).toBeGreaterThan(35_000);
    expect(remainingMs).toBeLessThan(65_000);
  });

  it('learns from a duration alone where there is one step', () => {
    const history = [{ steps: ['any'], events: [], durationMs: 60_000 }];
    const estimator = createEstimator({ steps: ['other'], history });
    estimator.update({ t: 0, step: 0, status: 'running' });
    const { remainingMs, basis } = estimateAt(estimator, 20_000);
    expect(basis).toBe('history');
    expect(remainingMs).toBeGreaterThan(15_000);
    expect(remainingMs).toBeLessThan(45_000);
  });
});

describe('steps that do not simply follow each other', () => {
  it('share the time when they run at once', () => {
    const events: ProgressUpdate[] = [
      { t: 0, step: 0, status: 'running' },
      { t: 0, step: 1, status: 'running' },
      { t: 60_000, step: 0, status: 'completed' },
      { t: 60_000, step: 1, status: 'completed' },
    ];
    const history = Array(5).fill({ steps: ['a', 'b'], events, durationMs: 60_000 });
    const estimator = createEstimator({ steps: ['a', 'b'], history });
    tell(estimator, events, 0);
    const { remainingMs } = estimateAt(estimator, 10_000);
    expect(remainingMs / 50_000).toBeCloseTo(1, 1);
  });

  it('are not waited for when they are skipped', () => {
    const usual = runOf({ fetch: 10_000, build: 100_000, pack: 10_000 });
    const estimator = createEstimator({ steps: usual.steps, history: Array(5).fill(usual) });
    tell(estimator, usual.events, 10_000);
    estimator.update({ t: 10_000, step: 1, status: 'skipped' });
    estimator.update({ t: 10_000, step: 2, status: 'running' });
    expect(estimateAt(estimator, 10_000).remainingMs).toBeLessThan(12_000);
  });

  it('begin anew when they are tried again', () => {
    const usual = runOf({ build: 60_000 });
    const estimator = createEstimator({ steps: usual.steps, history: Array(5).fill(usual) });
    estimator.update({ t: 0, step: 0, status: 'running' });
    estimator.update({ t: 50_000, step: 0, status: 'running', progress: 80 });
    estimator.update({ t: 50_000, step: 0, status: 'failed' });
    estimator.update({ t: 51_000, step: 0, status: 'running' });
    expect(estimateAt(estimator, 51_000).remainingMs).toBeGreaterThan(50_000);
  });

  it('are doubted when a bar sticks at 99', () => {
    const estimator = createEstimator({ steps: ['whole'] });
    tell(estimator, runOf({ whole: 100_000 }, { bars: true }).events, 90_000);
    estimator.update({ t: 99_000, step: 0, status: 'running', progress: 99 });
    const soon = estimateAt(estimator, 100_000);
    const late = estimateAt(estimator, 300_000);
    expect(soon.remainingMs).toBeLessThan(5_000);
    expect(late.remainingMs).toBeGreaterThan(10_000);
  });
});

describe('a gap in the clock', () => {
  it('is no time in which anything was done', () => {
    const bar = (pauseMs: number) => {
      const estimator = createEstimator({ steps: ['whole'] });
      for (let percent = 0; percent <= 60; percent += 1) {
        const t = percent * 1_000 + (percent > 50 ? pauseMs : 0);
        estimator.update({ t, step: 0, status: 'running', progress: percent });
      }
      return estimateAt(estimator, 60_000 + pauseMs).remainingMs;
    };
    expect(bar(8 * 3_600_000)).toBeLessThan(bar(0) * 1.1);
  });
});

describe('the publisher’s own figure', () => {
  it('is believed before anything better is known', () => {
    const estimator = createEstimator({ steps: ['whole'] });
    estimator.update({ t: 10_000, step: 0, status: 'running', progress: 10, reportedMs: 30_000 });
    const { remainingMs, basis } = estimateAt(estimator, 10_000);
    expect(basis).toBe('reported');
    expect(remainingMs).toBeGreaterThan(25_000);
    expect(remainingMs).toBeLessThan(40_000);
  });

  it('is put right by how wrong it usually is', () => {
    const claims = (factor: number): EarlierRun => ({
      steps: ['whole'],
      durationMs: 100_000,
      events: [0, 20_000, 40_000, 60_000, 80_000].map((t) => ({
        t,
        step: 0,
        status: 'running',
        reportedMs: (100_000 - t) / factor,
      })),
    });
    const leftBy = (factor: number) => {
      const estimator = createEstimator({
        steps: ['other', 'steps'],
        history: Array(8).fill(claims(factor)),
      });
      estimator.update({ t: 0, step: 0, status: 'running', reportedMs: 100_000 });
      return estimateAt(estimator, 0).remainingMs;
    };
    expect(leftBy(1)).toBeLessThan(110_000);
    expect(leftBy(2.3)).toBeGreaterThan(150_000);
  });

  it('says nothing where it is none', () => {
    const [without, withNone] = [undefined, Number.NaN].map((reportedMs) => {
      const estimator = createEstimator({ steps: ['whole'] });
      const figure = reportedMs === undefined ? {} : { reportedMs };
      estimator.update({ t: 10_000, step: 0, status: 'running', progress: 50, ...figure });
      return estimator.estimate(10_000);
    });
    expect(withNone).toEqual(without);
  });
});
