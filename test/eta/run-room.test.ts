import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWatchedRun } from '../../src/eta/run.ts';
import { createRunRoom } from '../../src/eta/run-room.ts';
import type { Task } from '../../src/model/task.ts';
import { makeStep, makeTask } from '../helpers/task.ts';

const START = 100_000;

function optionsFor(task: Task) {
  return { kind: 'memory', startedAt: START, isStartKnown: true, task };
}

function withProgress(id: string, progress: number): Task {
  const steps = [makeStep(0, { status: 'running', startedAt: START, progress }), makeStep(1)];
  return makeTask(id, { startedAt: START, steps });
}

it('says of each run what a run that is held in full from its beginning says', () => {
  const moments = fc.array(fc.record({ afterMs: fc.nat(60_000), by: fc.nat(30), isAsked: fc.boolean() }));
  fc.assert(
    fc.property(moments, (all) => {
      const first = withProgress('a', 0);
      const [roomy, full] = [createRunRoom().watch(optionsFor(first)), createWatchedRun(optionsFor(first))];
      let [at, progress] = [START, 0];
      for (const { afterMs, by, isAsked } of all) {
        at += afterMs;
        progress = Math.min(100, progress + by);
        for (const run of [roomy, full]) run.observe(withProgress('a', progress), at);
        if (isAsked) expect(roomy.shownEstimate(at + 1_000)).toEqual(full.shownEstimate(at + 1_000));
      }
      expect(roomy.job).toEqual(full.job);
      roomy.close();
      const end = [withProgress('a', 100), 'completed', at + 5_000] as const;
      expect(roomy.finish(...end)).toEqual(full.finish(...end));
    }),
  );
});

it('holds no more in full than there is room for, and what was asked about to the last', () => {
  const room = createRunRoom(100_000);
  const runs = Array.from({ length: 200 }, (_, id) => ({
    id: `${id}`,
    run: room.watch(optionsFor(withProgress(`${id}`, 0))),
  }));
  const tellAll = (progress: number, at: number) => {
    for (const { id, run } of runs) run.observe(withProgress(id, progress), at);
  };
  tellAll(0, START);
  expect(room.bytes).toBe(0);
  const asked = runs[0]?.run;
  const alone = createWatchedRun(optionsFor(withProgress('0', 0)));
  for (let round = 1; round <= 5; round += 1) {
    const at = START + round * 60_000;
    tellAll(10 * round, at);
    alone.observe(withProgress('0', 10 * round), at);
    expect(asked?.shownEstimate(at)).toEqual(alone.shownEstimate(at));
    expect(room.bytes).toBeGreaterThan(50_000);
    expect(room.bytes).toBeLessThanOrEqual(100_000);
  }
  for (const { run } of runs) run.close();
  expect(room.bytes).toBe(0);
});

it('still estimates a run that had to give way', () => {
  const room = createRunRoom(0);
  const [first, second] = ['a', 'b'].map((id) => room.watch(optionsFor(withProgress(id, 0))));
  for (const at of [START, START + 60_000]) {
    first?.observe(withProgress('a', 50), at);
    second?.observe(withProgress('b', 50), at);
  }
  expect(first?.shownEstimate(START + 61_000)?.remainingMs).toBeGreaterThan(0);
  expect(second?.shownEstimate(START + 61_000)?.remainingMs).toBeGreaterThan(0);
});
