import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { taskId } from '../../src/model/id.ts';
import type { TaskState } from '../../src/model/task.ts';
import { awaitedStatuses, standingOf, waitForGoal } from '../../src/session/goal.ts';
import { createStore } from '../../src/store/store.ts';
import { makeTask, TEST_SOURCE } from '../helpers/task.ts';

type Standing = Readonly<Record<string, TaskState>>;

/** A store in which tasks stand as told; each telling is a whole list. */
function openStore(standing: Standing) {
  const store = createStore();
  let revision = 0;
  const tell = (told: Standing) => {
    revision += 1;
    const tasks = Object.entries(told).map(([id, state]) => makeTask(id, { state, revision }));
    store.dispatch([{ source: TEST_SOURCE, at: 1, event: { type: 'snapshot', tasks, revision } }]);
  };
  store.dispatch([{ source: TEST_SOURCE, at: 1, event: { type: 'opened', kind: 'test', location: 'here' } }]);
  tell(standing);
  return { ...store, tell };
}

const running: TaskState = { status: 'running', reason: null };
const asking: TaskState = { status: 'needs-input', reason: null };
const failed: TaskState = { status: 'failed', endedAt: 20, error: null };
const completed: TaskState = { status: 'completed', endedAt: 10, result: null };
const idsOf = (...names: string[]) => names.map((name) => taskId(TEST_SOURCE, name));

describe('a goal', () => {
  const all = { until: [], isFirstEnough: false };
  const first = { until: [], isFirstEnough: true };
  it.each([
    ['all, of which one runs', all, { a: completed, b: running }, false, 'a', ''],
    ['all, which have ended', all, { a: failed, b: completed }, true, 'b a', ''],
    ['all, of which one is gone', all, { a: completed }, true, 'a', 'b'],
    ['all, which are gone', all, {}, true, '', 'a b'],
    ['all, of which one asks', all, { a: asking, b: completed }, false, 'b', ''],
    ['an end or a question', { ...all, until: ['needs-input'] }, { a: asking, b: failed }, true, 'a b', ''],
    ['a start', { ...all, until: ['running'] }, { a: running, b: running }, true, 'a b', ''],
    ['the first, and none has ended', first, { a: running, b: asking }, false, '', ''],
    ['the first, and both have ended', first, { a: failed, b: completed }, true, 'b a', ''],
    ['the first, and one is gone', first, { a: running }, true, '', 'b'],
  ] as const)('%s', (_what, { until, isFirstEnough }, standing: Standing, isReached, there, gone) => {
    const goal = { ids: idsOf('a', 'b'), statuses: awaitedStatuses(until), isFirstEnough };
    const found = standingOf(goal, openStore(standing).getState());
    expect(found.isReached).toBe(isReached);
    expect(found.there.map(({ task }) => task.nativeId).join(' ')).toBe(there);
    expect(found.gone).toEqual(idsOf(...gone.split(' ').filter(Boolean)));
  });

  it.each([true, false])('of no tasks is reached at once (first: %s)', (isFirstEnough) => {
    const goal = { ids: [], statuses: awaitedStatuses([]), isFirstEnough };
    expect(standingOf(goal, openStore({ a: running }).getState()).isReached).toBe(true);
  });

  it('is waited for, until it is reached or the time is up', async () => {
    const store = openStore({ a: running });
    const goal = { ids: idsOf('a'), statuses: awaitedStatuses([]), isFirstEnough: false };
    const options = { clock: systemClock, signal: new AbortController().signal };
    expect((await waitForGoal(store, goal, { ...options, waitMs: 1 })).isReached).toBe(false);
    const waiting = waitForGoal(store, goal, { ...options, waitMs: 60_000 });
    store.tell({ a: failed });
    expect(await waiting).toMatchObject({ isReached: true, there: [{ task: { nativeId: 'a' } }] });
  });
});
