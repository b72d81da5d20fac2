import { describe, expect, it } from 'vitest';
import type { TaskStatus } from '../../src/model/task.ts';
import { plainName, words } from '../../src/model/text.ts';
import { parseFilter } from '../../src/store/filter.ts';
import { reduce } from '../../src/store/reduce.ts';
import { selectEntries } from '../../src/store/select.ts';
import { silenceOf } from '../../src/store/stall.ts';
import { EMPTY_STATE } from '../../src/store/state.ts';
import { makeEntry, makeTask, TEST_SOURCE } from '../helpers/task.ts';

const stateOf = (status: TaskStatus) =>
  ({ status, reason: null, endedAt: null, error: null, result: null }) as never;

describe('selectEntries', () => {
  it('lists what needs a person first, then what runs (longest first), waits, is queued, has ended', () => {
    const tasks = [
      makeTask('done', { state: stateOf('completed') }),
      makeTask('queued', { state: stateOf('queued') }),
      makeTask('young', { startedAt: 200 }),
      makeTask('waiting', { state: stateOf('waiting') }),
      makeTask('old', { startedAt: 100 }),
      makeTask('ageless', {}),
      makeTask('asking', { state: stateOf('needs-input') }),
      makeTask('broken', { state: stateOf('failed') }),
    ];
    const state = reduce(EMPTY_STATE, [
      { source: TEST_SOURCE, at: 0, event: { type: 'snapshot', revision: 1, tasks } },
    ]);
    const listed = selectEntries(state, { filter: parseFilter(''), sort: 'urgency' });
    expect(listed.map(({ task }) => task.nativeId)).toEqual([
      'asking',
      'broken',
      'old',
      'young',
      'ageless',
      'waiting',
      'queued',
      'done',
    ]);
  });

  it('follows the status of a task, not that of one of its sessions', () => {
    const session = (meaning: TaskStatus) => ({
      sessions: [
        { id: 's1', status: words`working`, updatedAt: null, notes: null, meaning: 'running' as const },
        { id: 's2', status: words`its word`, updatedAt: null, notes: null, meaning },
      ],
    });
    const tasks = [
      makeTask('done', { state: stateOf('completed'), ...session('waiting') }),
      makeTask('blocked', { state: stateOf('waiting'), ...session('waiting') }),
      makeTask('running beside one that is blocked', session('waiting')),
      makeTask('broken', { state: stateOf('failed') }),
    ];
    const state = reduce(EMPTY_STATE, [
      { source: TEST_SOURCE, at: 0, event: { type: 'snapshot', revision: 1, tasks } },
    ]);
    const listed = selectEntries(state, { filter: parseFilter(''), sort: 'urgency' });
    expect(listed.map(({ task }) => task.nativeId)).toEqual([
      'broken',
      'running beside one that is blocked',
      'blocked',
      'done',
    ]);
    expect(listed.filter(parseFilter('is:needs-you')).map(({ task }) => task.nativeId)).toEqual(['broken']);
  });
});

describe('parseFilter', () => {
  const entry = makeEntry(
    makeTask('t-1', {
      name: plainName('Nightly Backup'),
      labels: { module: plainName('storage') },
      host: plainName('Web1.example'),
      cwd: plainName('/srv/site'),
    }),
  );
  it.each([
    ['', true],
    ['back night', true],
    ['backup nothing', false],
    ['-nothing', true],
    ['-backup', false],
    ['-', true],
    ['status:run', true],
    ['status:failed', false],
    ['-status:failed source:test', true],
    ['storage', true],
    ['label:module=storage', true],
    ['12:30', false],
    ['host:web1', true],
    ['-host:web2 cwd:/srv', true],
    ['host:web2', false],
    ['cwd:/home', false],
    ['web1', false],
  ])('%j passes: %s', (expression, passes) => {
    expect(parseFilter(expression)(entry)).toBe(passes);
  });
});

describe('silenceOf', () => {
  const running = makeEntry(makeTask('a'), { lastNewsAt: 1_000_000, usualGapMs: 20_000 });
  it('speaks only after five usual gaps', () => {
    expect(silenceOf(running, 1_100_000, 30_000)).toBeNull();
    expect(silenceOf(running, 1_100_001, 30_000)).toEqual({ silentMs: 100_001, usualGapMs: 20_000 });
  });
  it('speaks after the threshold where updates came fast', () => {
    const fast = { ...running, usualGapMs: 100 };
    expect(silenceOf(fast, 1_030_000, 30_000)).toBeNull();
    expect(silenceOf(fast, 1_030_001, 30_000)?.silentMs).toBe(30_001);
  });
  it('does not speak of what does not run', () => {
    expect(
      silenceOf({ ...running, task: makeTask('a', { state: stateOf('queued') }) }, 9_000_000, 30_000),
    ).toBeNull();
  });
});
