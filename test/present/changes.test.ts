import { expect, it } from 'vitest';
import type { SourceEvent } from '../../src/model/event.ts';
import { type PlainText, words } from '../../src/model/text.ts';
import { changeLines, changesBetween } from '../../src/present/changes.ts';
import { parseFilter } from '../../src/store/filter.ts';
import { reduce } from '../../src/store/reduce.ts';
import { EMPTY_STATE, type State } from '../../src/store/state.ts';
import { makeTask, TEST_SOURCE } from '../helpers/task.ts';

const named = (id: string, revision: number, name: PlainText) =>
  makeTask(id, { revision, name: words`${name}` });
const after = (state: State, ...events: SourceEvent[]): State =>
  reduce(
    state,
    events.map((event) => ({ source: TEST_SOURCE, at: 5, event })),
  );

function told(before: State, now: State, filter = ''): unknown {
  const { sources, entries, removed } = changesBetween(before, now, parseFilter(filter));
  return {
    sources: sources.map(({ status }) => status),
    entries: entries.map((entry) => `${entry.before?.task.name ?? 'new'} → ${entry.now.task.name}`),
    removed,
  };
}

const start = after(
  EMPTY_STATE,
  { type: 'snapshot', revision: 2, tasks: [named('a', 1, words`first`), named('b', 2, words`second draft`)] },
  { type: 'live' },
);

it('tells everything where nothing was known, and nothing where nothing changed', () => {
  expect(told(EMPTY_STATE, start)).toEqual({
    sources: ['live'],
    entries: ['new → first', 'new → second draft'],
    removed: [],
  });
  expect(told(start, start)).toEqual({ sources: [], entries: [], removed: [] });
});

it('tells what moved, came and went, and of the source that it has another number of tasks', () => {
  const now = after(
    start,
    { type: 'changed', task: named('a', 3, words`first, again`) },
    { type: 'removed', id: makeTask('b').id, revision: 4 },
  );
  expect(told(start, now)).toEqual({
    sources: ['live'],
    entries: ['first → first, again'],
    removed: ['test/b'],
  });
  expect(told(start, after(start, { type: 'changed', task: named('a', 3, words`x`) }))).toMatchObject({
    sources: [],
  });
});

it('tells only of what is listed: a task that comes to be listed is new, one that no longer is has gone', () => {
  const now = after(
    start,
    { type: 'changed', task: named('a', 3, words`first draft`) },
    { type: 'changed', task: named('b', 4, words`second`) },
  );
  expect(told(start, now, 'draft')).toEqual({
    sources: [],
    entries: ['new → first draft'],
    removed: ['test/b'],
  });
  expect(told(start, now, 'nothing')).toEqual({ sources: [], entries: [], removed: [] });
});

it('tells of a source that is gone, and of the tasks of it that were listed', () => {
  const gone = reduce(start, [{ source: TEST_SOURCE, at: 5, event: { type: 'closed' } }]);
  expect(told(start, gone, 'first')).toEqual({ sources: [], entries: [], removed: ['test/a'] });
  expect(changesBetween(start, gone, parseFilter('')).goneSources).toEqual([TEST_SOURCE]);
  const context = { nowMs: 5, stallAfterMs: 5, readOnly: false, estimate: () => null };
  expect(changeLines(changesBetween(start, gone, parseFilter('')), context)).toEqual([
    { type: 'removed', id: 'test/a' },
    { type: 'removed', id: 'test/b' },
    { type: 'source-removed', id: 'test' },
  ]);
});
