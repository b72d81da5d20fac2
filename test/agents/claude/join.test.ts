import { describe, expect, it } from 'vitest';
import { decodeJob, decodeListedTask, decodeSession } from '../../../src/agents/claude/format.ts';
import { jobState } from '../../../src/agents/claude/job-state.ts';
import { type ClaudeFacts, joinRows } from '../../../src/agents/claude/join.ts';
import { NO_TIMELINE } from '../../../src/agents/claude/kept-job.ts';
import type { KeptList } from '../../../src/agents/claude/kept-list.ts';
import type { StepStatus } from '../../../src/model/task.ts';
import { sampleJob, sampleSession, sampleTask, sessionIdOf } from './sample.ts';

const NOW = 1_795_950_000_000;
const HOUR = 3_600_000;
const NOBODY = '(no process)';

describe('how a background job stands', () => {
  const NEW = 1_000;
  const OLD = 60_000;
  it.each([
    // state, tempo, status of its living process, age of the file → what it comes to
    ['working', 'active', 'busy', NEW, 'working'],
    ['blocked', 'blocked', 'busy', OLD, 'working'],
    ['done', 'idle', 'busy', OLD, 'working'],
    ['failed', 'idle', 'busy', OLD, 'working'],
    ['done', 'idle', 'idle', OLD, 'done'],
    ['failed', 'idle', 'idle', OLD, 'failed'],
    ['stopped', 'idle', 'idle', OLD, 'stopped'],
    ['done', 'blocked', 'waiting', OLD, 'done'],
    ['done', null, 'idle', OLD, 'done'],
    ['done', 'active', 'idle', OLD, 'working'],
    ['failed', 'active', 'waiting', OLD, 'blocked'],
    ['working', 'blocked', 'idle', OLD, 'blocked'],
    ['working', 'active', 'waiting', OLD, 'blocked'],
    ['blocked', 'idle', 'idle', OLD, 'working'],
    ['working', 'idle', 'idle', OLD, 'working'],
    ['working', 'active', null, OLD, 'working'],
    ['working', 'active', 'shell', OLD, 'working'],
    ['running', 'idle', 'idle', OLD, 'working'],
    ['somehow', 'somewhat', 'something', OLD, 'working'],
    // no process
    ['working', 'active', NOBODY, NEW, 'working'],
    ['working', 'active', NOBODY, 5_000, 'working'],
    ['working', 'active', NOBODY, 5_001, 'failed'],
    ['done', 'active', NOBODY, OLD, 'failed'],
    ['somehow', 'somewhat', NOBODY, OLD, 'failed'],
    ['blocked', 'blocked', NOBODY, OLD, 'blocked'],
    ['blocked', 'idle', NOBODY, OLD, 'blocked'],
    ['working', 'blocked', NOBODY, OLD, 'blocked'],
    ['done', 'idle', NOBODY, OLD, 'done'],
    ['failed', 'idle', NOBODY, OLD, 'failed'],
    ['stopped', 'idle', NOBODY, OLD, 'stopped'],
  ])('%s, %s, process %s, %i ms old: %s', (state, tempo, status, age, expected) => {
    const session = status === NOBODY ? null : { status: status as never };
    expect(jobState({ state, tempo }, session, age)).toBe(expected);
  });
});

const session = (pid: number, fields: object = {}) => {
  const raw = { ...sampleSession(pid), pid, startedAt: NOW - HOUR + pid, updatedAt: NOW - pid, ...fields };
  const decoded = decodeSession(JSON.parse(JSON.stringify(raw)), pid);
  if (!decoded) throw new Error('no session');
  return decoded;
};
const job = (id: string, fields: object = {}) => {
  const value = decodeJob(
    JSON.parse(JSON.stringify({ ...sampleJob(id), updatedAt: NOW - 1_000, ...fields })),
    id,
  );
  if (!value) throw new Error('no job');
  return { state: { identity: '', modifiedAt: NOW, value, problem: null }, timeline: NO_TIMELINE };
};
const list = (modifiedAt: number, ...tasks: readonly object[]): KeptList => ({
  problem: null,
  tasks: tasks.map((fields, index) => ({
    name: `${index + 1}.json`,
    startedAt: null,
    endedAt: null,
    file: {
      identity: '',
      modifiedAt,
      problem: null,
      value: decodeListedTask({ ...sampleTask(index + 1), ...fields }),
    },
  })),
});
const rows = (facts: Partial<ClaudeFacts>) => {
  const all = joinRows({ sessions: [], jobs: [], lists: new Map(), ...facts }, NOW).rows;
  return Object.fromEntries(all.map((row) => [row.nativeId, row]));
};
const stepsOf = (steps: readonly { readonly name: string; readonly status: StepStatus }[]) =>
  steps.map(({ name, status }) => `${name} ${status}`);

describe('the rows of a home', () => {
  it.each([
    ['busy', undefined, 'running', null],
    ['idle', undefined, 'waiting', 'idle'],
    ['shell', undefined, 'running', 'a shell command runs'],
    ['waiting', 'permission prompt', 'needs-input', 'permission prompt'],
    ['waiting', undefined, 'needs-input', 'it waits for you'],
    ['dreaming', undefined, 'waiting', 'dreaming'],
    [undefined, undefined, 'waiting', expect.stringMatching(/does not report/u)],
  ])('show a session that is %s (%s) as %s', (status, waitingFor, expected, reason) => {
    const id = sessionIdOf(7);
    const row = rows({ sessions: [session(7, { status, waitingFor })] })[id];
    expect(row?.state).toEqual({ status: expected, reason });
    expect(row).toMatchObject({ name: 'session 7', pid: 7, cwd: '/home/ada/parser', mayBeQuiet: true });
    const isAsked = expected === 'needs-input';
    expect(row?.question).toEqual(
      isAsked ? { text: reason, choices: [], askedAt: expect.any(Number) } : undefined,
    );
  });

  it('have the best name available', () => {
    const nameOf = (fields: object) => rows({ jobs: [job('07ad8f70', fields)] })['07ad8f70']?.name;
    expect(nameOf({ name: 'Parser' })).toBe('Parser');
    expect(nameOf({ name: '' })).toBe('Add a parser.');
    expect(nameOf({ name: null, intent: null })).toBe('reading the tests');
    expect(nameOf({ name: null, intent: ' \n', detail: null })).toBe('parser');
    const bare = rows({ sessions: [session(7, { name: null })] })[sessionIdOf(7)];
    expect(bare?.name).toBe('parser');
  });

  it('join a job with its process by its id, or its session, which gets no row of its own', () => {
    const jobs = [job('a1'), job('b2'), job('c3'), job('d4', { resumeSessionId: sessionIdOf(44) })];
    const sessions = [
      session(1, { kind: 'bg', jobId: 'a1', status: 'waiting', waitingFor: 'input needed' }),
      session(2, { kind: 'bg', sessionId: sessionIdOf('b2'), status: 'busy' }),
      session(3, { kind: 'bg', jobId: 'other', sessionId: sessionIdOf(33), status: 'busy' }),
      session(44, { status: 'waiting', waitingFor: 'permission prompt' }),
      session(5, { kind: 'daemon' }),
      session(6, { kind: 'daemon-worker', sessionId: null }),
    ];
    const found = rows({ jobs, sessions });
    expect(Object.keys(found)).toEqual(['a1', 'b2', 'c3', 'd4', sessionIdOf(33)]);
    expect(found.a1).toMatchObject({ pid: 1, question: { text: 'input needed' } });
    expect(found.b2?.pid).toBe(2);
    expect(found.c3?.pid).toBeUndefined();
    expect(found.d4).toMatchObject({
      pid: 44,
      state: { status: 'needs-input', reason: 'permission prompt' },
    });
  });

  it('tell apart two processes that have the same session open', () => {
    const twice = { sessionId: sessionIdOf(1) };
    const found = rows({ sessions: [session(2, twice), session(1, twice)] });
    expect(Object.keys(found)).toEqual([sessionIdOf(1), `${sessionIdOf(1)} 2`]);
    expect(found[sessionIdOf(1)]?.pid).toBe(1);
    expect(Object.keys(rows({ sessions: [session(3, { sessionId: null })] }))).toEqual(['pid 3']);
  });

  it('show what a job asks, what it has said and where its work can be seen', () => {
    const [row] = Object.values(
      rows({
        jobs: [
          job('a1', {
            state: 'blocked',
            tempo: 'blocked',
            needs: 'commit on\na branch?',
            suggestedReply: 'yes',
            detail: 'all tests are green',
            children: [
              { id: '1', href: 'https://example.org/pull/1', kind: 'pr' },
              { id: '2', href: 'https://ada:hunter2@example.org/pull/2?token=hunter2', kind: 'pr' },
              { id: '3', href: 'javascript:alert(1)', kind: 'pr' },
              null,
            ],
          }),
        ],
      }),
    );
    expect(row).toMatchObject({
      state: { status: 'needs-input', reason: 'commit on a branch?' },
      question: { text: 'commit on\na branch?', choices: ['yes'], askedAt: NOW - 1_000 },
      lastLine: 'all tests are green',
      url: 'https://example.org/pull/2',
      labels: { kind: 'background', version: '2.1.265', tokens: '1234' },
    });
  });

  it('ignore a detail that only repeats the prompt', () => {
    const lastLine = (detail: string) => rows({ jobs: [job('a1', { detail })] }).a1?.lastLine;
    expect(lastLine('Add a par…')).toBeUndefined();
    expect(lastLine('Add a parser. It has to...')).toBeUndefined();
    expect(lastLine('Add a parser.')).toBeUndefined();
    expect(lastLine('Added a parser')).toBe('Added a parser');
  });

  it('say how a job has ended', () => {
    const at = new Date(NOW - HOUR).toISOString();
    const ended = (state: string, fields: object = {}) =>
      rows({ jobs: [job('a1', { state, tempo: 'idle', firstTerminalAt: at, ...fields })] }).a1?.state;
    expect(ended('done', { output: { result: 'It is\ndone.' } })).toEqual({
      status: 'completed',
      endedAt: NOW - HOUR,
      result: 'It is\ndone.',
    });
    expect(ended('failed', { detail: 'no credit' })).toMatchObject({ status: 'failed', error: 'no credit' });
    expect(ended('stopped', { lastTerminalAt: NOW - 5 })).toMatchObject({
      status: 'cancelled',
      endedAt: NOW - 5,
    });
  });

  it('have the list of their session as steps, else what they have sent off', () => {
    const fan = [
      { id: '1', kind: 'agent', label: 'Implement', startedAt: NOW - 90_000, doneAt: NOW - 30_000 },
      { id: '2', kind: 'shell', startedAt: NOW - 30_000 },
      { id: '3', label: '' },
    ];
    const tasks = [{ status: 'completed' }, { status: 'in_progress' }, { status: 'blocked by magic' }];
    const lists = new Map([
      [sessionIdOf('a1'), list(NOW, ...tasks)],
      [sessionIdOf('b2'), list(NOW)],
      [sessionIdOf(1), list(NOW, ...tasks)],
    ]);
    const jobs = [job('a1', { fan }), job('b2', { fan })];
    const found = rows({ jobs, lists, sessions: [session(1)] });
    expect(stepsOf(found.a1?.steps ?? [])).toEqual(['Task 1 completed', 'Task 2 running', 'Task 3 pending']);
    expect(found[sessionIdOf(1)]?.steps).toEqual(found.a1?.steps);
    expect(stepsOf(found.b2?.steps ?? [])).toEqual(['Implement completed', 'shell running', '3 running']);
    expect(found.b2?.steps[0]).toMatchObject({ startedAt: NOW - 90_000, endedAt: NOW - 30_000 });
    expect(found.b2?.totalSteps).toBe(3);
    const allDone = (state: string) =>
      rows({ jobs: [job('c3', { state, tempo: 'idle', fan: fan.slice(0, 1) })] }).c3;
    expect(allDone('working')).toMatchObject({ steps: [{ status: 'completed' }], totalSteps: 2 });
    expect(allDone('done')?.totalSteps).toBe(1);
  });

  it.each([
    ['done', 'completed skipped', 'completed pending'],
    ['failed', 'completed failed', 'completed failed'],
    ['stopped', 'completed skipped', 'completed skipped'],
  ])('leave no step under way when a job is %s', (state, ofFan, ofList) => {
    const fan = [{ label: 'a', doneAt: NOW }, { label: 'b' }];
    const ended = (id: string) => job(id, { state, tempo: 'idle', fan });
    const lists = new Map([
      [sessionIdOf('b2'), list(NOW, { status: 'completed' }, { status: 'in_progress' })],
    ]);
    const found = rows({ jobs: [ended('a1'), ended('b2')], lists });
    expect(found.a1?.steps.map(({ status }) => status).join(' ')).toBe(ofFan);
    expect(found.b2?.steps.map(({ status }) => status).join(' ')).toBe(ofList);
  });

  it.each([
    [0.1, ['completed', 'in_progress'], 'running'],
    [1, ['completed', 'in_progress'], 'waiting'],
    [0.1, ['completed', 'pending'], 'queued'],
    [5, ['completed', 'completed'], 'completed'],
    [23, ['pending'], 'queued'],
    [25, ['in_progress'], undefined],
    [0, [], undefined],
  ])('show a list of a team that changed %f h ago (%j) as %s', (hours, statuses, expected) => {
    const own = list(NOW - hours * HOUR, ...statuses.map((status) => ({ status, owner: 'ada' })));
    const row = rows({ lists: new Map([['parsers', own]]) })['tasks/parsers'];
    expect(row?.state.status).toBe(expected);
    if (expected)
      expect(row).toMatchObject({ name: 'parsers', labels: { kind: 'task list', owners: 'ada' } });
  });
});
