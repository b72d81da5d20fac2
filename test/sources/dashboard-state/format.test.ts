import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDashboardState } from '../../../src/sources/dashboard-state/format.ts';
import type { TaskDraft } from '../../../src/sources/kit/task-draft.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';

/** The state with these tasks, read; fails the test where it is none. */
function read(...activeTasks: unknown[]) {
  const reading = decodeDashboardState({ version: 1, timestamp: 1_795_246_818_418, activeTasks });
  if (!reading) throw new Error('no dashboard state');
  return reading;
}

function readTask(task: Record<string, unknown>): TaskDraft {
  const [draft] = read({ taskId: 't1', taskName: 'Hash', status: 'running', ...task }).tasks;
  if (!draft) throw new Error('no task');
  return draft;
}

describe('a dashboard state', () => {
  it('is a JSON object with activeTasks, or one whose tasks were left out', () => {
    expect(decodeDashboardState({ activeTasks: [] })?.tasks).toEqual([]);
    expect(decodeDashboardState({ version: 1, timestamp: 1, widgets: {} })?.tasks).toEqual([]);
    for (const other of [null, 7, 'text', [], {}, { tasks: [] }, { timestamp: 1 }])
      expect(decodeDashboardState(other)).toBeNull();
  });

  it('reports if its activeTasks are not a list', () => {
    const reading = decodeDashboardState({ activeTasks: { t1: {} } });
    expect(reading?.problem?.message).toBe('activeTasks is not a list');
  });

  it('reports what the document itself calls errors, and still reads the rest', () => {
    const activeTasks = [{ taskId: 'a', status: 'running' }];
    const reading = (errors: unknown) => decodeDashboardState({ activeTasks, errors });
    expect(reading({ t11: 'Two is refused' })).toMatchObject({
      tasks: [{ nativeId: 'a' }],
      problem: { severity: 'degraded', message: 't11: Two is refused' },
    });
    expect(reading({ a: 'x', b: 'y', c: 'z', d: 'w' })?.problem?.message).toBe(
      'a: x; b: y; c: z; and 1 more',
    );
    expect(reading({ a: '\u001b[31mred\n' })?.problem?.message).toBe('a: red');
    for (const none of [{}, null, [], 'all', { a: null }, { a: '' }, { a: { deep: 1 } }, undefined])
      expect(reading(none)?.problem).toBeNull();
  });

  it('has a word for each status', () => {
    const states = ['pending', 'running', 'completed', 'failed', 'cancelled'].map(
      (status) => readTask({ status, completedAt: 1_795_246_819_000, error: 'disk full\nat line 1' }).state,
    );
    expect(states).toEqual([
      { status: 'queued', reason: null },
      { status: 'running', reason: null },
      { status: 'completed', endedAt: 1_795_246_819_000, result: null },
      { status: 'failed', endedAt: 1_795_246_819_000, error: 'disk full\nat line 1' },
      { status: 'cancelled', endedAt: 1_795_246_819_000, reason: 'disk full\nat line 1' },
    ]);
  });

  it('shows a task with an unknown word as queued, and says so once', () => {
    const reading = read(
      { taskId: 'a', taskName: 'A', status: 'timeout' },
      { taskId: 'b', taskName: 'B', status: 'timeout' },
    );
    expect(reading.tasks.map(({ state }) => state)).toEqual([
      { status: 'queued', reason: 'timeout' },
      { status: 'queued', reason: 'timeout' },
    ]);
    expect(reading.problem).toMatchObject({
      kind: 'unknown-word',
      severity: 'degraded',
      message: 'activeTasks[0]: unknown status "timeout": shown as queued (and 1 more like this)',
    });
  });

  it.each([
    [
      'the one that runs',
      { status: 'completed', startedAt: 9e11 },
      { status: 'running', startedAt: 8e11 },
      1,
    ],
    [
      'the one that runs, wherever it stands',
      { status: 'running' },
      { status: 'failed', startedAt: 9e11 },
      0,
    ],
    [
      'the newer one of two that ended',
      { status: 'failed', startedAt: 8e11 },
      { status: 'completed', startedAt: 9e11 },
      1,
    ],
    [
      'the newer one of two that run',
      { status: 'running', startedAt: 9e11 },
      { status: 'running', startedAt: 8e11 },
      0,
    ],
  ])('shows of a task that was started again %s', (_which, first, second, shown) => {
    const runs = [first, second].map((run, at) => ({ taskId: 'a', taskName: String(at), ...run }));
    const { tasks, problem } = read(...runs);
    expect(tasks.map(({ name }) => name)).toEqual([String(shown)]);
    expect(problem === null).toBe(shown === 1);
  });

  it('keeps the good tasks beside a bad one, and names the bad one', () => {
    const reading = read({ taskId: 'a', taskName: 'A', status: 'running' }, 'rubbish', { taskName: 'C' });
    expect(reading.tasks.map(({ nativeId }) => nativeId)).toEqual(['a']);
    expect(reading.problem?.message).toBe(
      'activeTasks[1] is left out: it is not a JSON object (and 1 more like this)',
    );
  });

  it('takes the first of two tasks with one id', () => {
    const reading = read(
      { taskId: 'a', taskName: 'first', status: 'running' },
      { taskId: 'a', taskName: 'second', status: 'failed' },
    );
    expect(reading.tasks.map(({ name }) => name)).toEqual(['first']);
    expect(reading.problem?.message).toBe('activeTasks[1] is left out: the id a is already in use');
  });

  it('expects the end of a running task at its start plus the estimated duration', () => {
    const startedAt = 1_795_246_818_418;
    expect(readTask({ startedAt, estimatedCompletionMs: 90_000 }).reportedEndAt).toBe(1_795_246_908_418);
    expect(readTask({ startedAt, estimatedCompletionMs: 0 }).reportedEndAt).toBeNull();
    expect(readTask({ estimatedCompletionMs: 90_000 }).reportedEndAt).toBeNull();
    expect(readTask({ startedAt, estimatedCompletionMs: 9e3, status: 'failed' }).reportedEndAt).toBeNull();
  });

  it('takes neither start nor end from a step that went back to pending', () => {
    const steps = [
      { index: 0, name: 'read', status: 'completed', startedAt: 1000, completedAt: 2000 },
      { index: 1, name: 'hash', status: 'pending', startedAt: 2000, completedAt: 3000, progress: 60 },
    ];
    expect(readTask({ status: 'cancelled', steps, totalSteps: 2 }).steps).toEqual([
      {
        index: 0,
        name: 'read',
        status: 'completed',
        progress: null,
        weight: 1,
        startedAt: 1000,
        endedAt: 2000,
      },
      { index: 1, name: 'hash', status: 'pending', progress: 60, weight: 1, startedAt: null, endedAt: null },
    ]);
  });

  it('counts attempts if the file does, from 1', () => {
    const attempts = [3, undefined, 0, '2', -1].map((raw) => readTask({ attempts: raw }).attempts);
    expect(attempts).toEqual([3, 1, 1, 1, 1]);
  });

  it('orders steps by their index, and counts those that are announced only', () => {
    const steps = [
      { index: 2, name: 'c', status: 'pending' },
      { index: 0, name: 'a', status: 'running', progress: '40' },
      { index: 1, name: 'b', status: 'dancing' },
    ];
    const task = readTask({ steps, totalSteps: 5 });
    expect(task.steps.map(({ index, name, status, progress }) => [index, name, status, progress])).toEqual([
      [0, 'a', 'running', 40],
      [1, 'b', 'pending', null],
      [2, 'c', 'pending', null],
    ]);
    expect(task.totalSteps).toBe(5);
  });

  it('cleans what is shown', () => {
    const task = readTask({
      taskName: '\u001b[31mRed\u001b[0m\n \u202eevil\u0007',
      error: 'a\u001b]0;x\u0007b',
    });
    expect(task.name).toBe('Red evil');
  });

  it('bounds tasks and steps', () => {
    const many = Array.from({ length: 100_001 }, (_, i) => ({ taskId: `t${i}`, status: 'pending' }));
    const reading = read(...many);
    expect(reading.tasks).toHaveLength(100_000);
    expect(reading.problem).toMatchObject({ kind: 'too-large', severity: 'degraded' });
    const steps = Array.from({ length: 10_001 }, () => ({ name: 's', status: 'pending' }));
    expect(readTask({ steps, totalSteps: 1e9 })).toMatchObject({ totalSteps: 10_000 });
  });

  it('survives any JSON', () => {
    const word = fc.constantFrom('pending', 'running', 'completed', 'failed', 'cancelled', 'x');
    const oddTask = fc.record(
      {
        taskId: fc.oneof(fc.string(), fc.jsonValue()),
        taskName: fc.jsonValue(),
        status: fc.oneof(word, fc.jsonValue()),
        totalSteps: fc.oneof(fc.double(), fc.jsonValue()),
        steps: fc.oneof(fc.array(fc.record({ index: fc.jsonValue(), status: word })), fc.jsonValue()),
        startedAt: fc.oneof(fc.double(), fc.jsonValue()),
        estimatedCompletionMs: fc.oneof(fc.double(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ activeTasks: fc.array(oddTask) })), (document) => {
        const reading = decodeDashboardState(document);
        for (const task of reading?.tasks ?? []) {
          expect(task.totalSteps).toBeGreaterThanOrEqual(task.steps.length);
          expect(task.steps.map(({ index }) => index)).toEqual([...task.steps.keys()]);
        }
      }),
    );
  });
});

describe.runIf(hasSharedFixtures)('the recorded emissions of a real emitter', () => {
  it('read as they were meant, one after the other', () => {
    const story = sharedFixture('hyve/dashboard-state-emissions.ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => decodeDashboardState(JSON.parse(line)));

    expect(story).toHaveLength(24);
    expect(story.map((state) => state?.problem)).toEqual(Array(24).fill(null));
    expect(story.map((state) => state?.tasks.length)).toEqual([
      1,
      1,
      1,
      ...Array(9).fill(5),
      ...Array(10).fill(6),
      7,
      7,
    ]);

    const last = story[23]?.tasks.map(({ nativeId, state, steps, totalSteps, startedAt }) => ({
      id: nativeId.slice(-4),
      state,
      steps: steps.map(({ status }) => status).join(' '),
      totalSteps,
      startedAt,
    }));
    expect(last).toEqual([
      running('832c', 'running pending pending pending', 1795246818418),
      {
        id: '57ec',
        state: {
          status: 'failed',
          endedAt: 1795246819825,
          error: 'connection reset by peer\nTraceback (most recent call last):\n  File "x.py", line 1',
        },
        steps: 'completed failed pending',
        totalSteps: 3,
        startedAt: 1795246819420,
      },
      running('8ba0', 'completed running', 1795246819420),
      running('5ad8', 'completed running', 1795246819420),
      {
        id: 'b271',
        state: { status: 'cancelled', endedAt: 1795246819572, reason: null },
        steps: 'pending',
        totalSteps: 1,
        startedAt: 1795246819420,
      },
      running('0cc9', 'running', 1795246819573),
      running('a33f', 'running pending pending pending', 1795246819828),
    ]);
    expect(story[23]?.tasks[4]?.steps[0]).toMatchObject({ startedAt: null, endedAt: null });
  });

  function running(id: string, steps: string, startedAt: number) {
    return {
      id,
      state: { status: 'running', reason: null },
      steps,
      totalSteps: steps.split(' ').length,
      startedAt,
    };
  }
});
