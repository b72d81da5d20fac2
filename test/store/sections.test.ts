import { describe, expect, it } from 'vitest';
import { type SourceId, sourceId } from '../../src/model/id.ts';
import type { Task, TaskState } from '../../src/model/task.ts';
import { arrange } from '../../src/store/arrange.ts';
import { startAttention } from '../../src/store/attention.ts';
import { withDismissed } from '../../src/store/dismissals.ts';
import { reduce } from '../../src/store/reduce.ts';
import { entriesOf, type Sections, sectionsOf } from '../../src/store/sections.ts';
import { allEntries, EMPTY_STATE, type State, type TaskEntry } from '../../src/store/state.ts';
import { makeTask } from '../helpers/task.ts';

const S = 1_000;
const RUNNING: TaskState = { status: 'running', reason: null };
const DONE: TaskState = { status: 'completed', endedAt: null, result: null };
const FAILED: TaskState = { status: 'failed', endedAt: null, error: null };

/** Tasks a (running), b, c, d; what ends, ends at its number of seconds, seen. */
function stateOf(
  ends: Record<string, readonly [number, TaskState]>,
  sources: Record<string, string> = {},
  more: Record<string, Partial<Task>> = {},
): State {
  let state: State = EMPTY_STATE;
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
    const source: SourceId = sourceId(sources[name] ?? 'test');
    const task = makeTask(name, { source, startedAt: index, ...more[name] });
    const change = (at: number, revision: number, given: TaskState) => {
      state = reduce(state, [
        { source, at, event: { type: 'live' } },
        { source, at, event: { type: 'changed', task: { ...task, revision, state: given } } },
      ]);
    };
    change(0, 1, RUNNING);
    const end = ends[name];
    if (end) change(end[0] * S, 2, end[1]);
  }
  return state;
}

function select(
  state: State,
  nowSeconds: number,
  given: Partial<Parameters<typeof sectionsOf>[1]> = {},
): Sections {
  const options = {
    filter: '',
    sort: 'urgency',
    group: 'none',
    dismissals: {},
    seen: {},
    attention: startAttention(0),
    nowMs: nowSeconds * S,
    ...given,
  } as const;
  return sectionsOf(arrange(state, options), options);
}

const shape = ({ sections }: Sections) =>
  sections.map(
    (section) =>
      `${section.key || section.of}: ${entriesOf(section)
        .map(({ task }) => task.nativeId)
        .join(' ')}`,
  );

describe('sectionsOf', () => {
  it('parts what lives from what has ended, the newest first', () => {
    const state = stateOf({ b: [1, DONE], c: [2, FAILED], d: [3, DONE] });
    const selected = select(state, 20);
    expect(shape(selected)).toEqual(['all: c a', 'ended: d b']);
    expect(selected.entries.map(selected.isSettled)).toEqual([false, false, true, true]);
  });

  it('is one section where all has ended, or nothing has', () => {
    expect(shape(select(stateOf({}), 20))).toEqual(['all: a b c d']);
    const over = stateOf({ a: [1, DONE], b: [2, DONE], c: [3, DONE], d: [4, DONE] });
    expect(shape(select(over, 20))).toEqual(['all: d c b a']);
  });

  it('lets what failed, and what is for review, sink once it was seen', () => {
    const state = stateOf({ b: [1, DONE], c: [2, FAILED], d: [3, { ...DONE }] }, {}, { d: { review: true } });
    expect(shape(select(state, 20))).toEqual(['all: c d a', 'ended: b']);
    const seen = (...names: string[]) =>
      withDismissed(
        {},
        state,
        allEntries(state).filter(({ task }) => names.includes(task.nativeId)),
      );
    expect(shape(select(state, 20, { seen: seen('c') }))).toEqual(['all: d a', 'ended: c b']);
    expect(shape(select(state, 20, { seen: seen('c', 'd') }))).toEqual(['all: a', 'ended: d c b']);
  });

  it('marks what ended while nobody looked', () => {
    const state = stateOf({ a: [100, DONE], b: [30, DONE], c: [150, FAILED] });
    const { unseen } = select(state, 500);
    expect([...unseen].map(({ task }) => task.nativeId)).toEqual(['a', 'c']);
  });

  it('groups by status or by source', () => {
    const state = stateOf({ b: [1, DONE], c: [1, FAILED] }, { a: 'x', b: 'y', c: 'x' });
    expect(shape(select(state, 20, { group: 'status' }))).toEqual([
      'failed: c',
      'running: a d',
      'completed: b',
    ]);
    expect(shape(select(state, 20, { group: 'source' }))).toEqual(['test: d', 'x: c a', 'y: b']);
    expect(shape(select(state, 20, { group: 'host' }))).toEqual(['no host named: c a d b']);
    expect(shape(select(state, 20, { group: 'repo' }))).toEqual(['no repository: c a d b']);
  });

  it('counts what a filter or a dismissal keeps back', () => {
    const state = stateOf({ b: [1, DONE], c: [1, FAILED] });
    const c = [...state.sources.values()]
      .flatMap((source) => [...source.tasks.values()])
      .find(({ task }) => task.nativeId === 'c');
    const dismissals = withDismissed({}, state, [c as TaskEntry]);
    const selected = select(state, 20, { dismissals, filter: '-status:completed' });
    expect(shape(selected)).toEqual(['all: a d']);
    expect(selected).toMatchObject({ dismissed: 1, filteredOut: 1 });
  });

  it('of nothing is nothing', () => {
    expect(select(EMPTY_STATE, 0)).toMatchObject({ sections: [], entries: [] });
  });
});
