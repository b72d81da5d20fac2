import { describe, expect, it } from 'vitest';
import { createForetelling } from '../../src/eta/foretelling.ts';
import { publisherFactor } from '../../src/eta/history.ts';
import { createRecording } from '../../src/eta/recording.ts';
import { updatesOf } from '../../src/eta/updates.ts';
import { makeStep, makeTask } from '../helpers/task.ts';

describe('a recording', () => {
  it('keeps the ends of steps, and thins the progress between them evenly', () => {
    const recording = createRecording(40);
    const STEPS = 5;
    for (let step = 0; step < STEPS; step += 1) {
      for (let progress = 0; progress < 100; progress += 0.1) {
        recording.add({ t: (step * 100 + progress) * 1_000, step, status: 'running', progress });
      }
      recording.add({ t: (step + 1) * 100_000, step, status: 'completed' });
    }
    const { events } = recording;
    expect(events.length).toBeLessThanOrEqual(40);
    expect(events.filter(({ status }) => status === 'completed')).toHaveLength(STEPS);
    expect(events.map(({ t }) => t)).toEqual(events.map(({ t }) => t).toSorted((a, b) => a - b));
    for (let step = 0; step < STEPS; step += 1) {
      expect(events.filter((event) => event.step === step).length).toBeGreaterThan(2);
    }
  });

  it('keeps everything of a short run', () => {
    const recording = createRecording();
    const events = Array.from(
      { length: 150 },
      (_, n) => ({ t: n, step: 0, status: 'running', progress: n / 2 }) as const,
    );
    for (const event of events) recording.add(event);
    expect(recording.events).toEqual(events);
  });

  it('of more steps than it has room for is a sample of them, the last one included', () => {
    const recording = createRecording(100);
    for (let step = 0; step < 1_000; step += 1) recording.add({ t: step * 10, step, status: 'completed' });
    expect(recording.events.length).toBeLessThanOrEqual(100);
    expect(recording.events.at(-1)).toMatchObject({ step: 999 });
  });
});

describe('what is new in a task', () => {
  const run = { startedAt: 1_000, fromMs: 0, t: 9_000 };

  it('is told in order of the steps’ own stamps, none before what was told already, none in the future', () => {
    const task = makeTask('a', {
      steps: [
        makeStep(0, { status: 'completed', startedAt: 500, endedAt: 3_000 }),
        makeStep(1, { status: 'failed', startedAt: 3_000, endedAt: 99_000 }),
        makeStep(2, { status: 'running', startedAt: 4_000, progress: 30 }),
        makeStep(3),
      ],
    });
    expect(updatesOf(null, task, run)).toEqual([
      { t: 0, step: 0, status: 'running' },
      { t: 2_000, step: 0, status: 'completed' },
      { t: 2_000, step: 1, status: 'running' },
      { t: 3_000, step: 2, status: 'running' },
      { t: 9_000, step: 1, status: 'failed' },
      { t: 9_000, step: 2, status: 'running', progress: 30 },
    ]);
    expect(updatesOf(task, task, run)).toEqual([]);
  });

  it('is that a step went back', () => {
    const at = (status: 'pending' | 'running') =>
      makeTask('a', { steps: [makeStep(0, { status, progress: 40 })] });
    expect(updatesOf(at('running'), at('pending'), run)).toEqual([{ t: 9_000, step: 0, status: 'pending' }]);
  });

  it('is also what the publisher says is left, when it says so', () => {
    const task = makeTask('a', { reportedProgress: 10, reportedEndAt: 15_000 });
    const event = { t: 9_000, step: 0, status: 'running', progress: 10, reportedMs: 5_000 };
    expect(updatesOf(null, task, run)).toEqual([event]);
    expect(updatesOf(task, { ...task, reportedEndAt: 11_000 }, run)).toEqual([
      { ...event, reportedMs: 1_000 },
    ]);
    expect(updatesOf(task, task, run)).toEqual([]);
  });
});

describe('what was foretold', () => {
  it('is what was said last by then', () => {
    const foretelling = createForetelling();
    for (let t = 0; t <= 100_000; t += 100) {
      if (foretelling.isDue(t)) foretelling.note(t, { remainingMs: 10, lowMs: 5, highMs: 20, basis: 'rate' });
    }
    const { t = 0, ...rest } = foretelling.by(50_000) ?? {};
    expect(t).toBeGreaterThan(44_000);
    expect(t).toBeLessThanOrEqual(50_000);
    expect(rest).toEqual({ earliest: t + 5, end: t + 10, latest: t + 20 });
    expect(createForetelling().by(50_000)).toBeNull();
  });
});

describe('how far off a publisher is', () => {
  const run = (durationMs: number, ...reports: [t: number, reportedMs: number][]) => ({
    steps: ['a'],
    durationMs,
    events: reports.map(([t, reportedMs]) => ({ t, step: 0, status: 'running' as const, reportedMs })),
  });
  it.each([
    [[], null],
    [[run(100)], null],
    [[run(100, [0, 50]), run(300, [100, 100], [200, 50])], 2],
    [[run(100, [0, 0], [100, 10])], null],
  ])('%j: %s', (runs, factor) => expect(publisherFactor(runs)).toBe(factor));
});
