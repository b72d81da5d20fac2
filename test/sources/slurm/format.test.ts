import { userInfo } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSacct, decodeSqueue, type Owner } from '../../../src/sources/slurm/format.ts';
import { arrayTaskIds } from '../../../src/sources/slurm/values.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { queueOf, type SlurmJob, STATES, SUBMITTED, slurmJob } from './sample.ts';

const { username: name, uid } = userInfo();
const OWNER: Owner = { name, uid };
const NOW = (SUBMITTED + 100) * 1000;

const read = (jobs: readonly SlurmJob[]) => decodeSqueue(queueOf(jobs), OWNER, NOW)?.tasks ?? [];
const stateOf = (state: object) => read([slurmJob(1, 'train', state)])[0]?.state;

describe('a state of Slurm', () => {
  const pending = (state_reason: string) => ({ job_state: 'PENDING', state_reason });
  const failed = (word: string, exit_code: unknown = 0) => ({
    job_state: word,
    exit_code,
    end_time: SUBMITTED,
  });
  it.each([
    [pending('Priority'), 'queued', 'Priority'],
    [pending('None'), 'queued', null],
    [pending('JobHeldUser'), 'waiting', 'JobHeldUser'],
    [pending('BeginTime'), 'queued', 'BeginTime'],
    [pending('DependencyNeverSatisfied'), 'waiting', 'DependencyNeverSatisfied'],
    [{ job_state: 'RUNNING' }, 'running', null],
    [{ job_state: ['RUNNING', 'CONFIGURING'] }, 'running', null],
    [{ job_state: 'COMPLETING', end_time: SUBMITTED }, 'running', 'it is ending'],
    [{ job_state: ['SUSPENDED'] }, 'waiting', 'suspended'],
    [{ job_state: ['COMPLETED', 'COMPLETING'] }, 'completed', undefined],
    [{ job_state: ['CANCELLED'] }, 'cancelled', null],
    [{ job_state: ['PENDING', 'REQUEUED'], state_reason: 'None' }, 'queued', null],
    [{ job_state: ['REQUEUE_HOLD'], state_reason: 'None' }, 'waiting', 'held'],
    [failed('PREEMPTED'), 'cancelled', 'preempted'],
    [failed('FAILED', 768), 'failed', 'exit code 3'],
    [failed('FAILED', 9), 'failed', 'ended by signal 9'],
    [
      failed('FAILED', { status: ['ERROR'], return_code: { set: true, infinite: false, number: 3 } }),
      'failed',
      'exit code 3',
    ],
    [
      failed('FAILED', {
        return_code: { set: true, number: 0 },
        signal: { id: { set: true, number: 9 }, name: 'KILL' },
      }),
      'failed',
      'ended by signal KILL',
    ],
    [failed('TIMEOUT'), 'failed', 'it has reached its time limit'],
    [failed('OUT_OF_MEMORY'), 'failed', 'out of memory'],
    [failed('NODE_FAIL'), 'failed', 'node fail'],
    [{ job_state: 'DREAMING' }, 'queued', 'DREAMING'],
    [{ job_state: [] }, 'queued', null],
  ])('%j is %s', (state, expected, told) => {
    const found = stateOf(state) as { status: string; error?: unknown; reason?: unknown };
    expect(found.status).toBe(expected);
    expect(found.error ?? found.reason).toBe(told);
  });
});

it('reads the numbers of newer versions', () => {
  const number = (value: number, more: object = {}) => ({
    set: true,
    infinite: false,
    number: value,
    ...more,
  });
  const [task] = read([
    slurmJob(7, 'train', {
      job_state: ['RUNNING'],
      start_time: number(SUBMITTED + 5),
      submit_time: number(SUBMITTED),
      end_time: number(SUBMITTED + 1800),
      time_limit: number(120),
      array_job_id: number(0),
      array_task_id: { set: false, infinite: false, number: 0 },
    }),
  ]);
  expect(task).toMatchObject({
    nativeId: '7',
    name: 'train',
    startedAt: (SUBMITTED + 5) * 1000,
    reportedEndAt: null,
    labels: { 'time limit': '2 h', nodes: 'n1' },
    host: 'n1',
  });
});

it('takes the start of what has not begun for a forecast', () => {
  const [task] = read([slurmJob(1, 'train', { ...STATES.queued, start_time: SUBMITTED + 7200 })]);
  expect(task).toMatchObject({
    startedAt: null,
    notes: [{ text: expect.stringMatching(/expects it to begin at 2026-/u) }],
  });
});

it('has no start for what was cancelled in the queue', () => {
  const cancelled = { job_state: 'CANCELLED', start_time: SUBMITTED + 9, end_time: SUBMITTED + 9 };
  expect(read([slurmJob(1, 'train', cancelled)])[0]).toMatchObject({
    startedAt: null,
    state: { status: 'cancelled' },
  });
});

it('shows each task of an array', () => {
  const array = { array_job_id: 4 };
  const tasks = read([
    slurmJob(4, 'arr', STATES.queued, { ...array, array_task_string: '2-3%1' }),
    slurmJob(7, 'arr', STATES.running, { ...array, array_task_id: 1 }),
  ]);
  expect(tasks.map((task) => [task.nativeId, task.name, task.state.status])).toEqual([
    ['4_2', 'arr [2]', 'queued'],
    ['4_3', 'arr [3]', 'queued'],
    ['4_1', 'arr [1]', 'running'],
  ]);
});

it.each([
  ['1-3', [1, 2, 3]],
  ['1,4,9-10%2', [1, 4, 9, 10]],
  ['0-20:10', [0, 10, 20]],
  ['0-99999', null],
  ['1-3,...', null],
  ['0x3f', null],
  ['1-5:0', null],
  ['', null],
])('reads the list %j', (list, expected) => expect(arrayTaskIds(list)).toEqual(expected));

it('tells what a job waits for, as far as that is listed', () => {
  const dependency = (text: string) => ({
    job_state: 'PENDING',
    state_reason: 'Dependency',
    dependency: text,
  });
  const [, on, unknown] = read([
    slurmJob(1, 'train', STATES.running),
    slurmJob(2, 'test', dependency('afterok:1(unfulfilled),afterany:99_*(unfulfilled)')),
    slurmJob(3, 'other', dependency('singleton')),
  ]);
  expect(on).toMatchObject({
    state: { status: 'waiting', reason: null },
    waitsFor: ['1'],
    dependencies: ['1'],
  });
  expect(unknown).toMatchObject({ state: { status: 'waiting', reason: 'Dependency' }, dependencies: [] });
});

it("leaves out other people's jobs, which older versions tell in spite of --me", () => {
  const others = slurmJob(2, 'theirs', STATES.running, { user_name: 'somebody-else', user_id: uid + 1 });
  expect(read([others, slurmJob(3, 'mine', STATES.running)]).map(({ nativeId }) => nativeId)).toEqual(['3']);
});

it('shows neither a comment nor the environment', () => {
  const job = slurmJob(1, 'train', STATES.running, {
    comment: 'hunter2',
    environment: ['TOKEN=hunter2'],
    admin_comment: 'hunter2',
  });
  expect(JSON.stringify(read([job]))).not.toContain('hunter2');
});

it('reads what accounting tells', () => {
  const job = {
    job_id: 12,
    name: 'train',
    user: name,
    array: { job_id: 11, task_id: { set: true, infinite: false, number: 4 } },
    state: { current: ['FAILED'], reason: 'None' },
    time: {
      start: SUBMITTED,
      end: SUBMITTED + 30,
      submission: SUBMITTED - 9,
      limit: { set: true, number: 5 },
    },
    exit_code: { status: ['ERROR'], return_code: { set: true, infinite: false, number: 2 } },
    working_directory: '/home/ann',
  };
  // As 22.05 has it: a word, null, and no exit code but 0.
  const older = {
    ...job,
    job_id: 7,
    array: { job_id: 0, task: null, task_id: null },
    state: { current: 'FAILED', reason: 'None' },
    time: { ...job.time, limit: null },
    exit_code: { status: 'SUCCESS', return_code: 0 },
  };
  expect(decodeSacct({ jobs: [job, older, null, {}] }, NOW)?.tasks).toMatchObject([
    {
      nativeId: '11_4',
      state: { status: 'failed', endedAt: (SUBMITTED + 30) * 1000, error: 'exit code 2' },
      cwd: '/home/ann',
    },
    { nativeId: '7', state: { status: 'failed', error: null }, startedAt: SUBMITTED * 1000 },
  ]);
  expect(decodeSacct({ items: [] }, NOW)).toBeNull();
});

it('reads anything', () => {
  const value = fc.jsonValue();
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), value, value, value, (any, state, number, list) => {
      const job = { ...any, job_id: 1, job_state: state, exit_code: number, array_task_string: list };
      const odd = { ...job, start_time: number, end_time: list, time_limit: state, dependency: list };
      expect(
        decodeSqueue(
          queueOf([odd as unknown as SlurmJob, any as unknown as SlurmJob]),
          { name: '', uid: null },
          NOW,
        ),
      ).not.toBeNull();
      decodeSacct({ jobs: [any, { ...odd, state: any, time: any, array: any }] }, NOW);
    }),
  );
});

it.each([null, [], {}, { jobs: [] }, { jobs: {}, meta: {} }])('%j is not its document', (document) =>
  expect(decodeSqueue(document, OWNER, NOW)).toBeNull(),
);

it.runIf(hasSharedFixtures)('reads what Slurm 21.08 has printed', () => {
  const document = JSON.parse(sharedFixture('agents/slurm/squeue-21.08.json'));
  const [running, ...array] = decodeSqueue(document, { name: 'user1', uid: 1000 }, NOW)?.tasks ?? [];
  expect(running).toMatchObject({
    nativeId: '26515966',
    state: { status: 'running' },
    startedAt: 1_684_114_921_000,
    labels: { partition: 'hw-l', 'time limit': '504 h' },
    host: 'cs75',
  });
  expect(array.map(({ nativeId, state }) => [nativeId, state])).toEqual(
    Array.from({ length: 10 }, (_, at) => [
      `58948420_${at + 1}`,
      { status: 'waiting', reason: 'Dependency' },
    ]),
  );
});
