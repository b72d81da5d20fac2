import { describe, expect, it } from 'vitest';
import type { ShownEstimate } from '../../src/eta/shown-estimate.ts';
import { sourceId, taskId } from '../../src/model/id.ts';
import type { Task } from '../../src/model/task.ts';
import { allDoneText } from '../../src/present/all-done.ts';
import type { RenderContext } from '../../src/present/render-context.ts';
import { reduce } from '../../src/store/reduce.ts';
import { EMPTY_STATE, type State } from '../../src/store/state.ts';
import { makeTask, TEST_SOURCE } from '../helpers/task.ts';

const M = 60_000;
const NOW = Date.UTC(2026, 10, 21, 14, 30);

function stateOf(...tasks: Task[]): State {
  return reduce(
    EMPTY_STATE,
    tasks.map((task) => ({ source: task.source, at: NOW, event: { type: 'changed', task } as const })),
  );
}

/** The same, when the source has said all that it has. */
const whole = (...tasks: Task[]): State =>
  reduce(stateOf(...tasks), [{ source: TEST_SOURCE, at: NOW, event: { type: 'live' } }]);

/** `minutes` are those that are left; negative ones mean that it is late. */
function looking(minutes: Record<string, number>, usual: Record<string, number> = {}): RenderContext {
  const byNativeId = (id: string) => id.split('/')[1] ?? '';
  return {
    nowMs: NOW,
    width: 80,
    ascii: false,
    stallAfterMs: 30_000,
    timeZone: 'UTC',
    estimate(id) {
      const left = minutes[byNativeId(id)];
      return left === undefined ? null : shownEstimate(left);
    },
    usualMs(id) {
      const known = usual[byNativeId(id)];
      return known === undefined ? null : known * M;
    },
  };
}

function shownEstimate(minutes: number): ShownEstimate {
  const remainingMs = Math.max(0, minutes * M);
  return {
    remainingMs,
    lowMs: remainingMs / 2,
    highMs: remainingMs * 2,
    basis: 'steps',
    earlierRuns: 0,
    usualMs: null,
    isVague: false,
    lateAt: minutes < 0 ? NOW - 1 : NOW + 2 * remainingMs,
    reviewAt: NOW + remainingMs,
    delay: null,
    publisherFactor: null,
  };
}

const task = (id: string, status: 'running' | 'queued' | 'waiting' | 'needs-input', ...waitsFor: string[]) =>
  makeTask(id, {
    state: { status, reason: null },
    startedAt: status === 'running' ? NOW - 5 * M : null,
    dependencies: waitsFor.map((other) => taskId(TEST_SOURCE, other)),
  });
const completed = (id: string, fromMinute: number, toMinute: number) =>
  makeTask(id, {
    startedAt: NOW + fromMinute * M,
    state: { status: 'completed', endedAt: NOW + toMinute * M, result: null },
  });
const done = (state: State, context: RenderContext) => allDoneText(state, context).text;

describe('when all is done', () => {
  it('is when the last running task is; what only waits in no list does not count', () => {
    const state = stateOf(task('a', 'running'), task('b', 'running'), task('c', 'queued'));
    expect(done(state, looking({ a: 4, b: 7 }))).toBe('done in ~7m');
    expect(done(stateOf(task('c', 'queued')), looking({}))).toBe('');
  });

  it('is later where a running task tells nothing, is late, or has fallen silent', () => {
    const state = stateOf(task('a', 'running'), task('b', 'running'));
    expect(done(state, looking({ a: 4 }))).toBe('done in 4m or more');
    expect(done(state, looking({ a: 4, b: -1 }))).toBe('done in 4m or more');
    expect(done(state, looking({}))).toBe('');
    const silent = { ...looking({ a: 4, b: 4 }), nowMs: NOW + 31_000 };
    expect(done(state, silent)).toBe('');
  });

  it('of very many is not asked of all', () => {
    const ids = Array.from({ length: 3_000 }, (_, index) => `${index}`);
    const state = stateOf(...ids.map((id) => task(id, 'running')));
    const context = looking(Object.fromEntries(ids.map((id) => [id, 4])));
    const asked = new Set<string>();
    const estimate: RenderContext['estimate'] = (id, nowMs) => {
      asked.add(id);
      return context.estimate(id, nowMs);
    };
    expect(done(state, { ...context, estimate })).toBe('done in 4m or more');
    expect(asked.size).toBe(2_000);
  });

  it('of a list is when its work is, over how much was done at once', () => {
    const state = stateOf(
      completed('a', -20, -10),
      completed('b', -20, -10),
      { ...task('c', 'running', 'a'), startedAt: NOW - 10 * M },
      { ...task('d', 'running', 'a'), startedAt: NOW - 10 * M },
      task('e', 'queued', 'b'),
      task('f', 'queued', 'b'),
    );
    // 5 + 5 minutes of what runs, and twice the 10 that the completed ones took, two at a time
    expect(done(state, looking({ c: 5, d: 5 }))).toBe('done in ~15m');
    // with what is known of them from earlier runs
    expect(done(state, looking({ c: 5, d: 5 }, { e: 2, f: 20 }))).toBe('done in ~20m');
  });

  it('of a list is never before its longest chain', () => {
    const chain = stateOf(
      completed('a', -20, -10),
      task('b', 'running', 'a'),
      task('c', 'waiting', 'b'),
      task('d', 'waiting', 'c'),
    );
    expect(done(chain, looking({ b: 4 }))).toBe('done in ~24m');
  });

  it('takes a running task that tells nothing for as long as the others took', () => {
    const state = stateOf(completed('a', -20, -12), task('b', 'running', 'a'));
    expect(done(state, looking({}))).toBe('done in ~3m');
    expect(done(state, { ...looking({}), nowMs: NOW + 10_000 })).toBe('done in ~3m');
    const over = stateOf(completed('a', -20, -16), task('b', 'running', 'a'));
    expect(done(over, looking({}))).toBe('');
  });

  it('of a list is later where a person is asked, or something failed that others wait for', () => {
    const asks = stateOf(completed('a', -20, -10), task('b', 'running', 'a'), task('c', 'needs-input', 'a'));
    expect(done(asks, looking({ b: 4 }))).toBe('done in 4m or more');
    const failed = makeTask('x', { state: { status: 'failed', endedAt: NOW, error: null } });
    const blocked = stateOf(
      completed('a', -20, -10),
      failed,
      task('b', 'running', 'a'),
      task('c', 'waiting', 'x'),
    );
    expect(done(blocked, looking({ b: 4 }))).toBe('done in 4m or more');
  });

  it('is that of the last of all lists and tasks; a list that nobody works on is nobody’s', () => {
    const other = sourceId('other');
    const idle = { ...task('idle', 'queued'), source: other, id: taskId(other, 'idle') };
    const next = {
      ...task('next', 'waiting'),
      source: other,
      id: taskId(other, 'next'),
      dependencies: [idle.id],
    };
    expect(done(stateOf(task('a', 'running'), idle, next), looking({ a: 4 }))).toBe('done in ~4m');
  });

  it.each([
    [4, 'done in ~4m'],
    [65, 'done at ~15:35'],
    [24 * 60, 'done on ~Sun 14:30'],
    [10 * 24 * 60, 'done on ~1 Dec'],
  ])('is a time span below an hour, then a moment: %d minutes', (minutes, text) => {
    expect(done(stateOf(task('a', 'running')), looking({ a: minutes }))).toBe(text);
  });

  it('has a moment as the least, too', () => {
    const state = stateOf(task('a', 'running'), task('b', 'running'));
    expect(done(state, looking({ a: 65 }))).toBe('done at 15:35 or later');
  });

  it('tells when the last of all ended, and nothing of what is still to begin', () => {
    const ended = [completed('a', -20, -5), completed('b', -20, -12)];
    const failed = makeTask('c', { state: { status: 'failed', endedAt: NOW - M, error: null } });
    expect(done(whole(...ended), looking({}))).toBe('all done at 14:25');
    expect(done(whole(...ended, failed), looking({}))).toBe('all ended at 14:29');
    expect(done(whole(completed('a', -3_000, -2_900)), looking({}))).toBe('all done on Thu 14:10');
    expect(done(whole(...ended, task('d', 'queued')), looking({}))).toBe('');
    expect(done(whole(), looking({}))).toBe('');
  });

  it('tells of no end before each source has said what it has', () => {
    const ended = [completed('a', -20, -5), completed('b', -20, -12)];
    expect(done(stateOf(...ended), looking({}))).toBe('');
    const event = { type: 'opened', kind: 'nostr', location: 'wss://x' } as const;
    const two = reduce(whole(...ended), [{ source: sourceId('other'), at: NOW, event }]);
    expect(done(two, looking({}))).toBe('');
  });

  it('changes by itself when the figure does, or a task falls silent', () => {
    const state = stateOf(task('a', 'running'));
    expect(allDoneText(state, looking({ a: 4 })).until).toBe(NOW + 30_000);
    expect(allDoneText(state, { ...looking({ a: 4 }), stallAfterMs: 20_000 }).until).toBe(NOW + 20_001);
  });
});
