import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTaskBreakdown } from '../../../src/sources/task-breakdown/format.ts';
import { formatNaiveTime, parseNaiveTime } from '../../../src/sources/task-breakdown/naive-time.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';

function read(...tasks: unknown[]) {
  const reading = decodeTaskBreakdown({ total_tasks: tasks.length, tasks });
  if (!reading) throw new Error('no breakdown');
  return reading;
}

/** Native id → status, with the reason or result after a colon, or what it waits for: `!` before what is in vain. */
function story(reading: ReturnType<typeof read>) {
  return Object.fromEntries(
    reading.tasks.map(({ nativeId, state, waitsFor, blockedBy = [] }) => {
      const awaited = waitsFor?.map((id) => (blockedBy.includes(id) ? `!${id}` : id));
      if (awaited) return [nativeId, `${state.status} for ${awaited.join(' ')}`];
      const words = 'error' in state ? state.error : 'result' in state ? state.result : state.reason;
      return [nativeId, words === null ? state.status : `${state.status}: ${words}`];
    }),
  );
}

describe('a task breakdown', () => {
  it('is an object with a list of tasks', () => {
    expect(decodeTaskBreakdown({ tasks: [] })?.tasks).toEqual([]);
    for (const other of [null, 7, [], {}, { tasks: {} }]) expect(decodeTaskBreakdown(other)).toBeNull();
  });

  it('has names, labels, priority and attempts', () => {
    const [task] = read({
      id: 'T1',
      description: 'Set  up\tthe frontend',
      module: 'frontend',
      estimated_complexity: 'high',
      priority: 0,
      attempts: '2',
      status: 'in_progress',
    }).tasks;
    expect(task).toMatchObject({
      nativeId: 'T1',
      name: 'Set up the frontend',
      labels: { module: 'frontend', estimated_complexity: 'high' },
      priority: 0,
      attempts: 2,
    });
  });

  it('lets a task wait for its dependencies, and says which are not done', () => {
    const reading = read(
      { id: 'A', description: 'a', status: 'completed', result: 'ok' },
      { id: 'B', description: 'b', status: 'in_progress' },
      { id: 'C', description: 'c', status: 'failed', result: 'no network' },
      { id: 'D', description: 'd', status: 'failed', result: 'Cancelled' },
      { id: 'free', description: 'x' },
      { id: 'ready', description: 'x', dependencies: ['A'] },
      { id: 'waits', description: 'x', dependencies: ['A', 'B', 'free'] },
      { id: 'blocked', description: 'x', dependencies: ['B', 'C'] },
      { id: 'dropped', description: 'x', dependencies: ['D'] },
      { id: 'lost', description: 'x', dependencies: ['T99'] },
      { id: 'itself', description: 'x', dependencies: ['itself'] },
      { id: 'begun', description: 'x', dependencies: ['B'], status: 'in_progress' },
    );
    expect(story(reading)).toEqual({
      A: 'completed: ok',
      B: 'running',
      C: 'failed: no network',
      D: 'cancelled',
      free: 'queued',
      ready: 'queued',
      waits: 'waiting for B free',
      blocked: 'waiting for B !C',
      dropped: 'waiting for !D',
      lost: 'waiting for !T99',
      itself: 'waiting for itself',
      begun: 'running',
    });
  });

  it('does not take an old end for the end of a retried task', () => {
    const old = { completed_at: '2026-11-21T07:43:42.585406', result: 'no network', attempts: 1 };
    const reading = read(
      { id: 'A', description: 'a', status: 'pending', ...old },
      { id: 'B', description: 'b', status: 'in_progress', ...old },
    );
    expect(story(reading)).toEqual({ A: 'queued', B: 'running' });
  });

  it('shows unknown words as queued, and keeps the first of two equal ids', () => {
    const reading = read(
      { id: 'A', description: 'a', status: 'blocked', dependencies: ['B'] },
      { id: 'A', description: 'again' },
      { description: 'no id' },
    );
    expect(story(reading)).toEqual({ A: 'queued: blocked' });
    expect(reading.problem).toMatchObject({
      severity: 'degraded',
      message: 'tasks[0]: unknown status "blocked": shown as queued (and 2 more like this)',
    });
  });

  it('survives any JSON', () => {
    const odd = fc.record(
      {
        id: fc.oneof(fc.constantFrom('A', 'B', 'C'), fc.jsonValue()),
        description: fc.jsonValue(),
        status: fc.oneof(fc.constantFrom('pending', 'failed', 'in_progress'), fc.jsonValue()),
        dependencies: fc.oneof(fc.array(fc.constantFrom('A', 'B', 'C')), fc.jsonValue()),
        notes: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
        attempts: fc.jsonValue(),
        started_at: fc.oneof(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.array(odd), (tasks) => void decodeTaskBreakdown({ tasks })));
  });
});

describe('naive local times', () => {
  it('are read and written in the zone of this machine', () => {
    const noon = new Date(2026, 10, 21, 7, 43, 42, 382).getTime();
    expect(parseNaiveTime('2026-11-21T07:43:42.382686')).toBe(noon);
    expect(parseNaiveTime('2026-11-21 07:43:42.382')).toBe(noon);
    expect(formatNaiveTime(noon)).toBe('2026-11-21T07:43:42.382000');
    expect(parseNaiveTime('2026-11-21')).toBe(new Date(2026, 10, 21).getTime());
    expect(parseNaiveTime('2026-11-21T07:43:42Z')).toBe(Date.UTC(2026, 10, 21, 7, 43, 42));
    for (const odd of [null, '', 'soon', 12, {}, 'x'.repeat(100)]) expect(parseNaiveTime(odd)).toBeNull();
  });
});

describe.runIf(hasSharedFixtures)('the recorded breakdowns', () => {
  const file = (name: string) => {
    const reading = decodeTaskBreakdown(JSON.parse(sharedFixture(`jetbox/${name}.json`)));
    if (!reading) throw new Error('no breakdown');
    return reading;
  };
  const at = (ms: number) => new Date(2026, 10, 21, 7, 43, 42, ms).getTime();

  it('reads the committed one, which has no status fields', () => {
    const reading = file('committed-task-breakdown');
    expect(reading.problem).toBeNull();
    expect(story(reading)).toEqual({
      T1: 'queued',
      T2: 'waiting for T1',
      T3: 'waiting for T2',
      T4: 'queued',
      T5: 'waiting for T4',
      T6: 'queued',
    });
    expect(reading.tasks[0]).toMatchObject({ attempts: 1, startedAt: null, updatedAt: null });
  });

  it('follows the run', () => {
    const runs = ['run-01', 'run-03', 'run-05', 'run-07', 'run-09'].map(file);
    expect(runs.map(({ problem }) => problem)).toEqual(Array(5).fill(null));
    expect(story(runs[0] as never)).toMatchObject({ T1: 'queued', T2: 'waiting for T1' });
    expect(story(runs[1] as never)).toMatchObject({
      T1: 'completed: React + TypeScript project created, WebGL2 context up',
      T2: 'queued',
      T3: 'waiting for T2',
    });
    expect(runs[1]?.tasks[0]).toMatchObject({
      state: { endedAt: at(584) },
      startedAt: at(383),
      updatedAt: at(584),
      notes: [
        { at: at(383), text: 'Starting implementation' },
        { at: at(584), text: 'All tests passing' },
      ],
    });
    expect(runs[2]?.tasks[3]).toMatchObject({ state: { status: 'queued' }, attempts: 1 });
    expect(runs[3]?.tasks[3]).toMatchObject({ state: { status: 'running' }, attempts: 2, priority: 0 });
    expect(story(runs[4] as never)).toEqual({
      T1: 'completed: React + TypeScript project created, WebGL2 context up',
      T2: 'running',
      T3: 'waiting for T2',
      T4: 'running',
      T5: 'waiting for T4',
      T6: 'running',
      T7: 'waiting for T3 T5 !T99',
    });
    expect(runs[4]?.tasks[5]?.notes[0]?.text).toBe('GLSL: 3D Perlin\n  port of Gustavson — ünïcode ✓');
  });
});
