import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePueue } from '../../../src/sources/pueue/format.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { pueueState, pueueTask, STATUSES } from './sample.ts';

const read = (document: unknown) => decodePueue(document)?.tasks ?? [];
const statuses = (document: unknown) =>
  Object.fromEntries(read(document).map(({ nativeId, state }) => [nativeId, state.status]));

describe('a status of pueue', () => {
  const at = '2026-11-29T10:00:00+01:00';
  const done = (result: unknown) => ({ Done: { enqueued_at: at, start: at, end: at, result } });
  it.each([
    [{ Queued: { enqueued_at: at } }, 'queued', null],
    [{ Running: { enqueued_at: at, start: at } }, 'running', null],
    [{ Paused: { enqueued_at: at, start: at } }, 'waiting', 'paused'],
    [{ Stashed: { enqueue_at: null } }, 'waiting', 'stashed: pueue enqueue starts it'],
    [{ Stashed: { enqueue_at: at } }, 'waiting', `stashed: until ${at}`],
    [{ Locked: { previous_status: { Queued: {} } } }, 'waiting', 'it is being edited'],
    [done('Success'), 'completed', null],
    [done('Killed'), 'cancelled', 'killed'],
    [done('Errored'), 'failed', "pueue could not read or write: see pueued's log"],
    [done('DependencyFailed'), 'failed', 'a task that it depends on failed'],
    [done({ Failed: 2 }), 'failed', 'exit code 2'],
    [done({ FailedToSpawn: 'no sh\u001b[2J' }), 'failed', 'could not be started: no sh'],
    [done({ Perished: 3 }), 'failed', 'Perished'],
    ['Running', 'running', null],
    [{ Done: 'Success' }, 'completed', null],
    [{ Done: { Failed: 1 } }, 'failed', 'exit code 1'],
    [{ Dreaming: {} }, 'queued', 'Dreaming'],
  ])('%j is %s', (status, expected, reason) => {
    const [task] = read(pueueState([pueueTask(0, 'make', status as object)]));
    const { state } = task as NonNullable<typeof task>;
    expect(state.status).toBe(expected);
    const told = 'error' in state ? state.error : 'reason' in state ? state.reason : null;
    expect(told).toBe(reason);
  });
});

it('drops the environment of every task', () => {
  const document = pueueState([pueueTask(0, 'make', STATUSES.running)]);
  expect(JSON.stringify(document)).toContain('hunter2');
  expect(JSON.stringify(decodePueue(document))).not.toMatch(/hunter2|envs/u);
});

it('tells what a task waits for: others, or its group', () => {
  const [first, second, third] = read(
    pueueState(
      [
        pueueTask(0, 'make', STATUSES.failed),
        pueueTask(1, 'make test', STATUSES.queued, { dependencies: [0] }),
        pueueTask(2, 'make doc', STATUSES.queued, { group: 'night', label: 'The manual' }),
      ],
      { night: { status: 'Paused', parallel_tasks: 1 } },
    ),
  );
  expect(first).toMatchObject({ startedAt: Date.parse('2026-11-29T09:00:05.1Z'), cwd: '/home/ann/project' });
  expect(second).toMatchObject({ state: { status: 'waiting' }, waitsFor: ['0'], blockedBy: ['0'] });
  expect(third).toMatchObject({
    name: 'The manual',
    state: { status: 'waiting', reason: 'group night is paused' },
    labels: { group: 'night', command: 'make doc' },
  });
});

it.each([null, [], {}, { tasks: [] }, { tasks: {} }, { tasks: { 1: {} }, groups: [] }, 'tasks'])(
  '%j is not its document',
  (document) => expect(decodePueue(document)).toBeNull(),
);

it('reads anything', () => {
  const tasks = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(tasks, fc.jsonValue(), fc.jsonValue(), (any, status, result) => {
      const odd = { ...any, 1: { id: 1, status }, 2: { id: 2, status: { Done: { result } }, envs: any } };
      const reading = decodePueue({ tasks: odd, groups: { default: any } });
      expect(reading?.tasks.map(({ nativeId }) => nativeId)).toEqual(expect.arrayContaining(['1', '2']));
    }),
  );
});

describe.runIf(hasSharedFixtures)('files that pueue has written', () => {
  it('of version 4', () => {
    const document = JSON.parse(sharedFixture('agents/pueue/v4-state.json'));
    expect(statuses(document)).toEqual({
      0: 'completed',
      1: 'failed',
      2: 'waiting',
      3: 'running',
      4: 'queued',
      5: 'queued',
    });
  });

  it('of version 2', () => {
    const document = JSON.parse(sharedFixture('agents/pueue/v2-state-old-form.json'));
    expect(statuses(document)).toMatchObject({ 0: 'completed', 1: 'completed', 2: 'waiting', 3: 'waiting' });
    expect(read(document)[0]).toMatchObject({ startedAt: Date.parse('2022-05-09T16:41:29.273Z') });
  });
});
