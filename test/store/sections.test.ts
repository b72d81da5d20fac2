import { describe, expect, it } from 'vitest';
import { type SourceId, sourceId } from '../../src/model/id.ts';
import type { TaskState } from '../../src/model/task.ts';
import { startAttention } from '../../src/store/attention.ts';
import { withDismissed } from '../../src/store/dismissals.ts';
import { parseFilter } from '../../src/store/filter.ts';
import { reduce } from '../../src/store/reduce.ts';
import { type Sections, selectSections } from '../../src/store/sections.ts';
import { EMPTY_STATE, type State, type TaskEntry } from '../../src/store/state.ts';
import { makeTask } from '../helpers/task.ts';

const S = 1_000;
const RUNNING: TaskState = { status: 'running', reason: null };
const DONE: TaskState = { status: 'completed', endedAt: null, result: null };
const FAILED: TaskState = { status: 'failed', endedAt: null, error: null };

/** Tasks a (running), b, c, d; what ends, ends at its number of seconds, seen. */
function stateOf(
  ends: Record<string, readonly [number, TaskState]>,
  sources: Record<string, string> = {},
): State {
  let state: State = EMPTY_STATE;
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
    const source: SourceId = sourceId(sources[name] ?? 'test');
    const task = makeTask(name, { source, startedAt: index });
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
  given: Partial<Parameters<typeof selectSections>[1]> = {},
): Sections {
  return selectSections(state, {
    filter: parseFilter(''),
    sort: 'urgency',
    group: 'none',
    dismissals: {},
    attention: startAttention(0),
    nowMs: nowSeconds * S,
    ...given,
  });
}

const shape = ({ sections }: Sections) =>
  sections.map(
    ({ of, key, entries }) => `${key || of}: ${entries.map(({ task }) => task.nativeId).join(' ')}`,
  );

describe('selectSections', () => {
  it('is one section in the usual order', () => {
    expect(shape(select(stateOf({ b: [1, DONE], c: [1, FAILED] }), 20))).toEqual(['all: c a d b']);
  });

  it('lets what ends stay where it was for ten seconds', () => {
    const state = stateOf({ b: [30, DONE], c: [31, FAILED] });
    const soon = select(state, 35);
    expect(shape(soon)).toEqual(['all: a b c d']);
    expect(soon.until).toBe(40 * S);
    expect(shape(select(state, 40))).toEqual(['all: a c d b']);
    expect(shape(select(state, 41))).toEqual(['all: c a d b']);
  });

  it('lists what ended while nobody looked first: failures, then the latest', () => {
    const state = stateOf({ a: [100, DONE], b: [200, DONE], c: [150, FAILED] });
    expect(shape(select(state, 500))).toEqual(['missed: c b a', 'others: d']);
  });

  it('groups by status or by source', () => {
    const state = stateOf({ b: [1, DONE], c: [1, FAILED] }, { a: 'x', b: 'y', c: 'x' });
    expect(shape(select(state, 20, { group: 'status' }))).toEqual([
      'failed: c',
      'running: a d',
      'completed: b',
    ]);
    expect(shape(select(state, 20, { group: 'source' }))).toEqual(['test: d', 'x: c a', 'y: b']);
  });

  it('counts what a filter or a dismissal keeps back', () => {
    const state = stateOf({ b: [1, DONE], c: [1, FAILED] });
    const c = [...state.sources.values()]
      .flatMap((source) => [...source.tasks.values()])
      .find(({ task }) => task.nativeId === 'c');
    const dismissals = withDismissed({}, state, [c as TaskEntry]);
    const selected = select(state, 20, { dismissals, filter: parseFilter('-status:completed') });
    expect(shape(selected)).toEqual(['all: a d']);
    expect(selected).toMatchObject({ dismissed: 1, filteredOut: 1 });
  });

  it('of nothing is nothing', () => {
    expect(select(EMPTY_STATE, 0)).toMatchObject({ sections: [], entries: [] });
  });
});
