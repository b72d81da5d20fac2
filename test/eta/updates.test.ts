import { describe, expect, it } from 'vitest';
import { createEstimator } from '../../src/eta/create-estimator.ts';
import { updatesOf } from '../../src/eta/updates.ts';
import type { Step, Task } from '../../src/model/task.ts';

const taskOf = (steps: readonly Partial<Step>[]) =>
  ({
    state: { status: 'running', reason: null },
    reportedEndAt: null,
    steps: steps.map((step, index) => ({ index, progress: null, startedAt: null, endedAt: null, ...step })),
  }) as unknown as Task;

const START = 1_800_000_000_000;
const first = (task: Task, t: number) => updatesOf(null, task, { startedAt: START, fromMs: 0, t });

describe('the first look at a list in which something is done already', () => {
  const half = taskOf([{ status: 'completed' }, { status: 'completed' }, { status: 'pending' }]);

  it('tells no durations where nobody has stamped them', () => {
    expect(first(half, 0).map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    const estimator = createEstimator({ steps: ['a', 'b', 'c'] });
    for (const update of first(half, 0)) estimator.update(update);
    expect(estimator.estimate(60_000)).toBeNull();
  });

  it('tells those that are stamped, and the pace where the start is known', () => {
    const stamped = taskOf([{ status: 'completed', endedAt: START }, { status: 'pending' }]);
    expect(first(stamped, 0).map(({ status }) => status)).toEqual(['completed']);
    expect(first(half, 60_000).map(({ status }) => status)).toEqual(['completed', 'completed']);
  });
});
