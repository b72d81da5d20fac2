import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceEvent } from '../../src/model/event.ts';
import { sourceId } from '../../src/model/id.ts';
import { problem } from '../../src/model/problem.ts';
import type { Task } from '../../src/model/task.ts';
import { plainName } from '../../src/model/text.ts';
import { reduce, type Update } from '../../src/store/reduce.ts';
import { EMPTY_STATE, findEntry, type State } from '../../src/store/state.ts';
import { makeTask, TEST_SOURCE } from '../helpers/task.ts';

const at = (ms: number, event: Update['event']): Update => ({ source: TEST_SOURCE, at: ms, event });
const changed = (id: string, revision: number): SourceEvent => ({
  type: 'changed',
  task: makeTask(id, { revision }),
});
const removed = (id: string, revision: number): SourceEvent => ({
  type: 'removed',
  id: makeTask(id).id,
  revision,
});
const revisions = (state: State) =>
  Object.fromEntries(
    [...(state.sources.get(TEST_SOURCE)?.tasks.values() ?? [])].map(({ task }) => [
      task.nativeId,
      task.revision,
    ]),
  );

describe('reduce', () => {
  it('keeps the newest of a task, whatever comes late or twice', () => {
    const state = reduce(
      EMPTY_STATE,
      [changed('a', 3), changed('a', 2), changed('a', 3)].map((event) => at(0, event)),
    );
    expect(revisions(state)).toEqual({ a: 3 });
  });

  it('does not bring back a removed task by a late update, but by a newer one', () => {
    const gone = reduce(
      EMPTY_STATE,
      [changed('a', 1), removed('a', 5), changed('a', 4)].map((event) => at(0, event)),
    );
    expect(revisions(gone)).toEqual({});
    expect(revisions(reduce(gone, [at(0, changed('a', 6))]))).toEqual({ a: 6 });
  });

  it('takes a snapshot for all there is', () => {
    const before = reduce(EMPTY_STATE, [at(0, changed('a', 1)), at(0, changed('b', 2))]);
    const after = reduce(before, [
      at(0, { type: 'snapshot', revision: 3, tasks: [makeTask('b', { revision: 2 })] }),
    ]);
    expect(revisions(after)).toEqual({ b: 2 });
  });

  it('returns the same state when nothing changed', () => {
    const state = reduce(EMPTY_STATE, [at(0, changed('a', 3)), at(0, { type: 'live' })]);
    expect(reduce(state, [at(1, changed('a', 3)), at(1, removed('z', 0)), at(1, { type: 'live' })])).toBe(
      state,
    );
  });

  it('keeps the tasks of a source that went down, with its problem, until it is live again', () => {
    const down = problem('unreadable', 'down', 'state.json: permission denied');
    const state = reduce(EMPTY_STATE, [
      at(0, changed('a', 1)),
      at(0, { type: 'live' }),
      at(1, { type: 'problem', problem: down }),
    ]);
    expect(state.sources.get(TEST_SOURCE)).toMatchObject({ status: 'down', problem: down });
    expect(revisions(state)).toEqual({ a: 1 });
    expect(reduce(state, [at(2, { type: 'live' })]).sources.get(TEST_SOURCE)).toMatchObject({
      status: 'live',
      problem: null,
    });
  });

  it('leaves any order, repetition and loss of updates in the state of the newest one that arrived', () => {
    const anyEvent = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 40 }), fc.boolean());
    fc.assert(
      fc.property(
        fc.uniqueArray(anyEvent, { selector: ([, revision]) => revision }),
        fc.infiniteStream(fc.nat()),
        (sent, dice) => {
          const events = sent.map(([id, revision, isRemoval]) =>
            isRemoval ? removed(id, revision) : changed(id, revision),
          );
          const shuffled = [...events, ...events.filter(() => (dice.next().value ?? 0) % 2 === 0)]
            .map((event) => ({ event, order: dice.next().value ?? 0 }))
            .sort((x, y) => x.order - y.order)
            .map(({ event }) => at(0, event));

          const expected: Record<string, number> = {};
          for (const [id, revision, isRemoval] of [...sent].sort((x, y) => x[1] - y[1])) {
            if (isRemoval) delete expected[id];
            else expected[id] = revision;
          }
          expect(revisions(reduce(EMPTY_STATE, shuffled))).toEqual(expected);
          expect(revisions(shuffled.reduce((state, update) => reduce(state, [update]), EMPTY_STATE))).toEqual(
            expected,
          );
        },
      ),
    );
  });

  it('lets a snapshot win over all older news, wherever it arrives among it', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 4, 5], { minLength: 4 }), fc.nat(4), (order, position) => {
        const events: SourceEvent[] = order.map((revision) =>
          changed(revision < 3 ? 'old' : 'new', revision),
        );
        events.splice(position, 0, { type: 'snapshot', revision: 3, tasks: [] });
        expect(
          revisions(
            reduce(
              EMPTY_STATE,
              events.map((event) => at(0, event)),
            ),
          ),
        ).toEqual({ new: 5 });
      }),
    );
  });
});

describe('what a source says of itself', () => {
  const opened = reduce(EMPTY_STATE, [
    at(0, { type: 'opened', kind: 'dashboard-state', location: 'a.json' }),
    at(1, changed('a', 1)),
  ]);
  const said = (...events: Update['event'][]) =>
    reduce(
      opened,
      events.map((event) => at(5, event)),
    ).sources.get(TEST_SOURCE);

  it('is its kind, once that is known, and its peers', () => {
    const peers = [{ name: plainName('r'), status: 'live', delayMs: null }] as never;
    expect(said({ type: 'kind', kind: 'sessions' })).toMatchObject({ kind: 'sessions', location: 'a.json' });
    expect(said({ type: 'health', peers })).toMatchObject({ kind: 'dashboard-state', peers });
    expect(reduce(opened, [at(5, { type: 'kind', kind: 'dashboard-state' })])).toBe(opened);
  });

  it('that it is closed takes all of it away, and what comes after that begins anew', () => {
    expect(said({ type: 'closed' })).toBeUndefined();
    const other = { source: sourceId('other'), at: 0, event: changed('b', 1) };
    expect([...reduce(opened, [other, at(5, { type: 'closed' })]).sources.keys()]).toEqual(['other']);
    expect(revisions(reduce(opened, [at(5, { type: 'closed' }), at(6, changed('c', 1))]))).toEqual({ c: 1 });
    expect(reduce(EMPTY_STATE, [at(5, { type: 'closed' })])).toBe(EMPTY_STATE);
  });
});

describe('a command', () => {
  const id = makeTask('a').id;
  const running = reduce(EMPTY_STATE, [at(0, changed('a', 1))]);
  const asked = reduce(running, [at(5, { type: 'command-asked', id, command: 'cancel' })]);
  const cancelled = makeTask('a', { revision: 3, state: { status: 'cancelled', endedAt: 9, reason: null } });

  it('is pending until the source reports the change, not until any news', () => {
    expect(findEntry(asked, id)?.pending).toMatchObject({ command: 'cancel', askedAt: 5 });
    const news = reduce(asked, [at(6, changed('a', 2))]);
    expect(findEntry(news, id)?.pending?.command).toBe('cancel');
    expect(findEntry(reduce(news, [at(7, { type: 'changed', task: cancelled })]), id)?.pending).toBeNull();
  });

  it.each([
    ['runs', { status: 'running', reason: null }],
    ['ended well before anybody saw it run', { status: 'completed', endedAt: 9, result: null }],
    ['failed once more', { status: 'failed', endedAt: 9, error: plainName('again') }],
  ] as const)('that retries is answered when the task %s', (_how, state) => {
    const task = makeTask('a', { state: { status: 'failed', endedAt: 4, error: plainName('exit code 5') } });
    const news = (revision: number, given: Partial<Task>) =>
      at(6, { type: 'changed', task: { ...task, ...given, revision } });
    const retrying = reduce(EMPTY_STATE, [
      news(1, {}),
      at(5, { type: 'command-asked', id, command: 'retry' }),
    ]);
    const noted = reduce(retrying, [news(2, { priority: 1 })]);
    expect(findEntry(noted, id)?.pending?.command).toBe('retry');
    expect(findEntry(reduce(noted, [news(3, { state })]), id)?.pending).toBeNull();
  });

  it('never changes the task itself', () => {
    expect(findEntry(asked, id)?.task).toBe(findEntry(running, id)?.task);
  });

  it('that was refused says why until there is news', () => {
    const why = problem('no-answer', 'degraded', 'nobody is listening');
    const failed = reduce(asked, [at(6, { type: 'command-failed', id, problem: why })]);
    expect(findEntry(failed, id)).toMatchObject({
      pending: null,
      refused: { command: 'cancel', problem: why },
    });
    expect(findEntry(reduce(failed, [at(7, changed('a', 2))]), id)?.refused).toBeNull();
  });
});

describe('what the view notices', () => {
  it('is moved with the clock for what runs, or was seen ending, and for nothing else', () => {
    const task = (id: string, state: Task['state'], revision = 1) =>
      at(1_000, { type: 'changed', task: makeTask(id, { state, revision }) });
    const ended = { status: 'completed', endedAt: null, result: null } as const;
    const state = reduce(EMPTY_STATE, [
      at(900, { type: 'live' }),
      task('runs', { status: 'running', reason: null }),
      task('queued', { status: 'queued', reason: null }),
      task('had ended', ended),
      task('ends', { status: 'running', reason: null }),
      task('ends', ended, 2),
    ]);
    const moved = reduce(state, [at(5_000, { type: 'clock-set', byMs: 3_600_000 })]);
    const noted = (from: State) =>
      Object.fromEntries(
        [...(from.sources.get(TEST_SOURCE)?.tasks.values() ?? [])].map(({ task: { nativeId }, ...entry }) => [
          nativeId,
          [entry.lastNewsAt, entry.seenEndingAt],
        ]),
      );
    expect(noted(state)).toMatchObject({ runs: [1_000, null], ends: [1_000, 1_000] });
    expect(noted(moved)).toEqual({
      ...noted(state),
      runs: [3_601_000, null],
      ends: [3_601_000, 3_601_000],
    });
  });

  it('is as old as a server says that has watched the task, but never from the future', () => {
    const seen = (lastNewsAt: number) =>
      findEntry(
        reduce(EMPTY_STATE, [
          at(0, { type: 'live' }),
          at(5_000, { type: 'changed', task: makeTask('a', { watched: { lastNewsAt, usualGapMs: null } }) }),
        ]),
        makeTask('a').id,
      )?.lastNewsAt;
    expect([seen(2_000), seen(9_000)]).toEqual([2_000, 5_000]);
  });

  it('counts old updates from when they were made, until the source is live', () => {
    const old = makeTask('a', { revision: 1, updatedAt: 1_000 });
    const state = reduce(EMPTY_STATE, [at(90_000, { type: 'changed', task: old })]);
    expect(findEntry(state, old.id)?.lastNewsAt).toBe(1_000);
  });

  it('learns long gaps fast and short ones slowly', () => {
    const updates = [0, 20_000, 40_000, 40_001].map((ms, index) => at(ms, changed('a', index + 1)));
    expect(
      findEntry(reduce(EMPTY_STATE, [at(0, { type: 'live' }), ...updates]), makeTask('a').id)?.usualGapMs,
    ).toBeCloseTo(18_000.1);
  });

  it('notes the end only of a task that it saw running', () => {
    const ended = { status: 'completed', endedAt: 1, result: null } as const;
    const state = reduce(EMPTY_STATE, [
      at(0, { type: 'live' }),
      at(0, changed('a', 1)),
      at(70, { type: 'changed', task: makeTask('a', { revision: 2, state: ended }) }),
      at(70, { type: 'changed', task: makeTask('b', { revision: 3, state: ended }) }),
    ]);
    expect(findEntry(state, makeTask('a').id)?.seenEndingAt).toBe(70);
    expect(findEntry(state, makeTask('b').id)?.seenEndingAt).toBeNull();
  });
});
