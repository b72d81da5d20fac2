import { describe, expect, it } from 'vitest';
import { createEtaIndex } from '../../src/eta/eta-index.ts';
import { type EarlierRuns, NO_RUNS, type RunHistory } from '../../src/eta/history.ts';
import { makeStep, makeTask } from '../helpers/task.ts';

const KIND = 'memory';

function historyOf(found: EarlierRuns): RunHistory & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    runsLike(job) {
      asked.push(job.name);
      return found;
    },
    usualMs: () => found.runs[0]?.durationMs ?? null,
    score: () => null,
    learn: () => {},
    close: () => {},
  };
}

const half = makeTask('a', {
  startedAt: 100_000,
  steps: [
    makeStep(0, { status: 'completed', startedAt: 100_000, endedAt: 160_000 }),
    makeStep(1, { status: 'running', startedAt: 160_000 }),
  ],
});

describe('a run under observation', () => {
  it('is estimated from its steps, in this machine’s time', () => {
    const index = createEtaIndex();
    index.observe(KIND, half, 160_000);
    const shownEstimate = index.shownEstimate(half.id, 170_000);
    expect(shownEstimate?.remainingMs).toBeGreaterThan(20_000);
    expect(shownEstimate?.remainingMs).toBeLessThan(90_000);
    expect(shownEstimate).toMatchObject({ earlierRuns: 0, usualMs: null, delay: null });
  });

  it('starts anew with a new attempt', () => {
    const index = createEtaIndex();
    index.observe(KIND, half, 160_000);
    const again = { ...half, attempts: 2, startedAt: 200_000, steps: [makeStep(0), makeStep(1)] };
    index.observe(KIND, again, 200_000);
    index.observe(
      KIND,
      { ...again, state: { status: 'completed', endedAt: 230_000, result: null } },
      231_000,
    );
    expect(index.takeFinished()).toMatchObject([{ startedAt: 200_000, durationMs: 30_000 }]);
  });

  it('has nothing to say of what has ended, has not begun or is unknown', () => {
    const index = createEtaIndex();
    index.observe(KIND, half, 160_000);
    index.observe(KIND, { ...half, state: { status: 'failed', endedAt: 170_000, error: null } }, 170_000);
    index.observe(KIND, makeTask('waits', { state: { status: 'waiting', reason: null } }), 170_000);
    index.observe(KIND, makeTask('still', { startedAt: 100_000 }), 170_000);
    expect(index.shownEstimate(half.id, 170_000)).toBeNull();
    expect(index.shownEstimate(makeTask('waits').id, 170_000)).toBeNull();
    expect(index.shownEstimate(makeTask('still').id, 900_000)).toBeNull();
    expect(index.shownEstimate(makeTask('other').id, 0)).toBeNull();
  });

  it('knows how long it usually takes, once there is a history, and says when that has passed', () => {
    const index = createEtaIndex();
    const fresh = { ...half, steps: [makeStep(0, { status: 'running', startedAt: 100_000 }), makeStep(1)] };
    index.observe(KIND, fresh, 100_000);
    const events = [
      { t: 0, step: 0, status: 'running' },
      { t: 60_000, step: 0, status: 'completed' },
      { t: 60_000, step: 1, status: 'running' },
      { t: 120_000, step: 1, status: 'completed' },
    ] as const;
    const runs = [119_000, 120_000, 121_000].map((durationMs) => ({
      steps: ['step #', 'step # (2)'],
      events,
      durationMs,
    }));
    const history = historyOf({ of: 'job', runs });
    index.remember(history);
    expect(history.asked).toEqual([]);
    const shownEstimate = index.shownEstimate(half.id, 110_000);
    expect(history.asked).toEqual(['task a']);
    expect(shownEstimate).toMatchObject({ earlierRuns: 3, usualMs: 120_000, basis: 'history' });
    expect(shownEstimate?.lateAt).toBeGreaterThan(215_000);
    expect(shownEstimate?.lateAt).toBeLessThan(1_900_000);
    expect(shownEstimate?.remainingMs).toBeGreaterThan(80_000);
    index.shownEstimate(half.id, 120_000);
    expect(history.asked).toHaveLength(1);
  });

  it('says that it is slower than usual as soon as that is to be seen', () => {
    const index = createEtaIndex();
    const bar = (progress: number) => makeTask('bar', { startedAt: 0, reportedProgress: progress });
    const events = Array.from({ length: 11 }, (_, n) => ({
      t: n * 6_000,
      step: 0,
      status: 'running' as const,
      progress: n * 10,
    }));
    const runs = Array.from({ length: 5 }, () => ({ steps: ['task bar'], events, durationMs: 60_000 }));
    index.remember(historyOf({ of: 'job', runs }));
    const delays = [5, 10, 15, 20, 25, 30].map((percent) => {
      index.observe(KIND, bar(percent), percent * 3_000); // five times as slow
      return index.shownEstimate(bar(0).id, percent * 3_000)?.delay ?? null;
    });
    expect(delays[0]).toBeNull();
    expect(delays.at(-1)).toBe('than-usual');
  });

  it('looks again when the first run of its job is learnt while it runs', () => {
    const index = createEtaIndex();
    index.observe(KIND, half, 160_000);
    let runs: EarlierRuns = NO_RUNS;
    index.remember({ ...historyOf(NO_RUNS), runsLike: () => runs });
    expect(index.shownEstimate(half.id, 170_000)).toMatchObject({ earlierRuns: 0 });
    const ended = makeTask('b', {
      name: half.name,
      steps: half.steps,
      startedAt: 0,
      state: { status: 'completed', endedAt: 90_000, result: null },
    });
    index.observe(KIND, ended, 171_000);
    const [learnt] = index.takeFinished();
    runs = {
      of: 'job',
      runs: [{ steps: learnt?.job.steps ?? [], events: learnt?.events ?? [], durationMs: 90_000 }],
    };
    expect(index.shownEstimate(half.id, 172_000)).toMatchObject({ earlierRuns: 0 });
    index.learnt(learnt ? [learnt] : []);
    expect(index.shownEstimate(half.id, 173_000)).toMatchObject({ earlierRuns: 1, usualMs: 90_000 });
  });

  it('does not call usual what other jobs take', () => {
    const index = createEtaIndex();
    index.observe(KIND, half, 160_000);
    index.remember(historyOf({ of: 'steps', runs: [{ steps: ['step #'], events: [], durationMs: 5_000 }] }));
    expect(index.shownEstimate(half.id, 170_000)).toMatchObject({ earlierRuns: 0, usualMs: null });
  });

  it('gives its reason when more is left than there was', () => {
    const index = createEtaIndex();
    const task = (reportedEndAt: number, progress: number) =>
      makeTask('b', { startedAt: 0, reportedProgress: progress, reportedEndAt });
    index.remember(historyOf(NO_RUNS));
    index.observe(KIND, task(60_000, 20), 10_000);
    expect(index.shownEstimate(half.id, 10_000)).toBeNull();
    const { id } = makeTask('b');
    const before = index.shownEstimate(id, 10_000);
    expect(before?.delay).toBeNull();
    index.observe(KIND, task(900_000, 21), 30_000);
    const after = index.shownEstimate(id, 30_000);
    expect(after?.remainingMs).toBeGreaterThan(before?.remainingMs ?? 0);
    expect(after?.delay).toMatch(/^than-/u);
  });
});

describe('what there is to learn', () => {
  const completed = (endedAt: number | null) => ({ status: 'completed', endedAt, result: null }) as const;

  it('is a run that was seen to end, with its steps as they went', () => {
    const index = createEtaIndex();
    index.observe(KIND, half, 160_000);
    const done = makeStep(1, { status: 'completed', startedAt: 160_000, endedAt: 190_000 });
    const steps = [half.steps[0] ?? makeStep(0), done];
    index.observe(KIND, { ...half, steps, state: completed(191_000) }, 195_000);
    expect(index.takeFinished()).toMatchObject([
      {
        job: { kind: 'memory', name: 'task a', steps: ['step #', 'step # (2)'] },
        startedAt: 100_000,
        durationMs: 91_000,
        outcome: 'completed',
        events: [
          { t: 0, step: 0, status: 'running' },
          { t: 60_000, step: 0, status: 'completed' },
          { t: 60_000, step: 1, status: 'running' },
          { t: 90_000, step: 1, status: 'completed' },
        ],
      },
    ]);
    expect(index.takeFinished()).toEqual([]);
  });

  it('is there also where it had ended before, if all stamps are there; but once', () => {
    const index = createEtaIndex();
    const ended = { ...half, state: completed(200_000) };
    index.observe(KIND, ended, 900_000);
    index.observe(KIND, { ...ended, revision: 2 }, 901_000);
    index.observe(KIND, { ...ended, id: makeTask('x').id, startedAt: null }, 900_000);
    index.observe(KIND, { ...ended, id: makeTask('y').id, state: completed(null) }, 900_000);
    expect(index.takeFinished()).toMatchObject([{ startedAt: 100_000, durationMs: 100_000 }]);
  });

  it('needs a start: a stamp, or to have been seen waiting', () => {
    const index = createEtaIndex();
    index.observe(KIND, makeTask('late'), 10_000);
    index.observe(KIND, makeTask('late', { state: completed(null) }), 20_000);
    index.observe(KIND, makeTask('seen', { state: { status: 'queued', reason: null } }), 5_000);
    index.observe(KIND, makeTask('seen'), 10_000);
    index.observe(KIND, makeTask('seen', { state: completed(null) }), 30_000);
    expect(index.takeFinished()).toMatchObject([{ job: { name: 'task seen' }, durationMs: 20_000 }]);
  });

  it('tells what was foretold half-way', () => {
    const index = createEtaIndex();
    const at = (percent: number) => makeTask('p', { startedAt: 0, reportedProgress: percent });
    for (let percent = 0; percent < 100; percent += 5) index.observe(KIND, at(percent), percent * 1_000);
    index.observe(KIND, { ...at(100), state: completed(100_000) }, 100_000);
    const [run] = index.takeFinished();
    expect(run?.foretold?.t).toBeGreaterThanOrEqual(40_000);
    expect(run?.foretold?.t).toBeLessThanOrEqual(50_000);
    expect(run?.foretold?.earliest).toBeLessThan(100_000);
  });

  it('stays bounded, whatever a source throws at it', () => {
    const index = createEtaIndex();
    for (let n = 0; n < 3_000; n += 1) {
      index.observe(KIND, makeTask(`n${n}`, { startedAt: n + 1, state: completed(n + 10) }), 9_000);
    }
    const runs = index.takeFinished();
    expect(runs).toHaveLength(1_000);
    expect(runs.at(-1)?.startedAt).toBe(3_000);
  });
});
