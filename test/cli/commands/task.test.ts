import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHere, type Said } from '../../helpers/console.ts';
import { startMaestroServer } from '../../helpers/maestro-server.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'task-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const SESSION = { TASKGLASS_SESSION_ID: 's1' };
const run = (env: Record<string, string>, ...args: string[]): Promise<Said> =>
  runHere(['task', ...args], { cwd, env });
const board = () => JSON.parse(readFileSync(join(cwd, '.taskglass/board.json'), 'utf8'));
const put = (document: unknown) => {
  mkdirSync(join(cwd, '.taskglass'), { recursive: true });
  writeFileSync(join(cwd, '.taskglass/board.json'), JSON.stringify(document));
};
const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('taskglass task', () => {
  it.each([[['queue', 'T1']], [['queue']], [['update', 'T1', '--status', 'working']], [['list', '--mine']]])(
    '%j needs a session',
    async (args) => {
      put([{ id: 'T1', title: 'A', status: 'todo' }]);
      expect(await run({}, ...args)).toEqual({ code: 2, stdout: '', stderr: 'No session found.\n' });
      expect(await run({ TASKGLASS_SESSION_ID: ' ' }, ...args)).toMatchObject({ code: 2 });
      expect(board()).toEqual([{ id: 'T1', title: 'A', status: 'todo' }]);
    },
  );

  it('adds tasks, and makes the board for the first one', async () => {
    expect(await run({}, 'add', 'Build it', '--priority', 'high')).toEqual({
      code: 0,
      stdout: 'T1\n',
      stderr: '',
    });
    expect(await run({}, 'add', 'Ship it', '--after', 'T1')).toMatchObject({ code: 0, stdout: 'T2\n' });
    expect(await run({}, 'add', 'Sell it', '--id', 'shop')).toMatchObject({ code: 0, stdout: 'shop\n' });
    expect(await run({}, 'add', 'Sell it', '--id', 'shop')).toMatchObject({
      code: 2,
      stderr: 'taskglass: there is already a task shop\n',
    });
    expect(board()).toEqual({
      tasks: [
        { id: 'T1', title: 'Build it', priority: 'high', status: 'todo', sessionProgress: [] },
        { id: 'T2', title: 'Ship it', dependencies: ['T1'], status: 'todo', sessionProgress: [] },
        { id: 'shop', title: 'Sell it', status: 'todo', sessionProgress: [] },
      ],
    });
  });

  it('reports, and never touches the user’s status', async () => {
    put({
      owner: 'me',
      tasks: [
        { id: 'T1', title: 'A', status: 'todo', odd: 1 },
        { id: 'T2', name: 'B' },
      ],
    });
    expect(await run(SESSION, 'queue', 'T1', 'T2')).toEqual({
      code: 0,
      stdout: 'T1: queued\nT2: queued\n',
      stderr: '',
    });
    await run({ MAESTRO_SESSION_ID: 's2' }, 'update', 'T1', '--status', 'working');
    await run(SESSION, 'update', 'T1', '--status', 'working', '--notes', 'Wired');
    await run(SESSION, 'update', 'T1', '--status', 'needs-input', '--notes', 'Which colour?');
    expect(board()).toEqual({
      owner: 'me',
      tasks: [
        {
          id: 'T1',
          title: 'A',
          status: 'todo',
          odd: 1,
          sessionProgress: [
            { sessionId: 's1', status: 'needs_input', lastUpdated: anyTime, notes: 'Which colour?' },
            { sessionId: 's2', status: 'working', lastUpdated: anyTime },
          ],
        },
        {
          id: 'T2',
          name: 'B',
          sessionProgress: [{ sessionId: 's1', status: 'queued', lastUpdated: anyTime }],
        },
      ],
    });
    await run(SESSION, 'update', 'T1', '--status', 'working');
    expect(board().tasks[0].sessionProgress[0]).toEqual({
      sessionId: 's1',
      status: 'working',
      lastUpdated: anyTime,
    });
  });

  it.each([
    ['queued', 'completed', 'working, cancelled'],
    ['working', 'queued', 'blocked, needs_input, completed, failed, cancelled'],
    ['blocked', 'completed', 'working, cancelled'],
    ['failed', 'working', 'cancelled'],
    ['completed', 'failed', 'cancelled'],
  ])('refuses the move from %s to %s, and names those that are allowed', async (from, to, allowed) => {
    const tasks = [
      { id: 'T1', title: 'A', status: 'todo', sessionProgress: [{ sessionId: 's1', status: from }] },
    ];
    put(tasks);
    expect(await run(SESSION, 'update', 'T1', '--status', to)).toEqual({
      code: 2,
      stdout: '',
      stderr: `taskglass: T1: this session's status is ${from}, so it cannot become ${to} (allowed: ${allowed})\n`,
    });
    expect(board()).toEqual(tasks);
  });

  it('begins anew after the user’s retry, and with nothing but a beginning', async () => {
    const failed = { sessionId: 's1', status: 'failed', lastUpdated: '2026-11-21T08:00:00.000Z' };
    put([{ id: 'T1', status: 'todo', retriedAt: '2026-11-21T09:00:00.000Z', sessionProgress: [failed] }]);
    expect(await run(SESSION, 'update', 'T1', '--status', 'completed')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'this session has not begun it, so it cannot become completed (allowed: queued, working)',
      ),
    });
    expect(await run(SESSION, 'queue', 'T1')).toMatchObject({ code: 0 });
    expect(board()[0].sessionProgress).toEqual([{ ...failed, status: 'queued', lastUpdated: anyTime }]);
  });

  it('changes all of the tasks named, or none', async () => {
    put([{ id: 'T1', title: 'A', status: 'todo' }]);
    expect(await run(SESSION, 'queue', 'T1', 'T9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no task T9 in '),
    });
    expect(board()).toEqual([{ id: 'T1', title: 'A', status: 'todo' }]);
  });

  it('keeps what an earlier version said, and the dialect of another', async () => {
    put([
      { id: 'T1', title: 'A', status: 'todo', agentStatus: 'blocked', agentId: 'a7' },
      { id: 'T2', title: 'B', status: 'in_progress', taskSessionStatuses: { s9: 'working' }, updatedAt: 5 },
    ]);
    await run(SESSION, 'queue', 'T1', 'T2');
    const [first, second] = board();
    expect(first.sessionProgress).toEqual([
      { sessionId: 'a7', status: 'blocked' },
      { sessionId: 's1', status: 'queued', lastUpdated: anyTime },
    ]);
    expect(second).toMatchObject({
      status: 'in_progress',
      taskSessionStatuses: { s9: 'working', s1: 'queued' },
    });
    expect(second.updatedAt).toBeGreaterThan(5);
  });

  it('finds its session where an editor wrote its id as a number', async () => {
    put([{ id: 1, title: 'A', status: 'todo', sessionProgress: [{ sessionId: 7, status: 'queued' }] }]);
    await run({ TASKGLASS_SESSION_ID: '7' }, 'update', '1', '--status', 'working');
    expect(board()[0].sessionProgress).toEqual([{ sessionId: 7, status: 'working', lastUpdated: anyTime }]);
  });

  it('lists and shows', async () => {
    put([
      {
        id: 'T1',
        title: 'Build it',
        status: 'inprogress',
        sessionProgress: [{ sessionId: 's1', status: 'blocked', notes: 'No key' }],
      },
      { id: 'T2', title: 'Ship it', status: 'todo' },
    ]);
    expect((await run({}, 'list')).stdout).toBe(
      [
        'ID  STATUS   USER        SESSIONS  TASK',
        'T1  waiting  inprogress  blocked   Build it',
        'T2  queued   todo                  Ship it',
        '',
      ].join('\n'),
    );
    expect((await run({}, 'list', '--status', 'queued')).stdout).toContain('Ship it');
    expect((await run({}, 'list', '--status', 'queued')).stdout).not.toContain('Build it');
    expect((await run(SESSION, 'list', '--mine', '--json')).stdout).toBe(
      `${JSON.stringify(
        {
          tasks: [
            {
              id: 'T1',
              name: 'Build it',
              status: 'waiting',
              userStatus: 'inprogress',
              updatedAt: null,
              dependencies: [],
              sessions: [{ id: 's1', status: 'blocked', updatedAt: null, notes: 'No key' }],
            },
          ],
        },
        null,
        2,
      )}\n`,
    );
    expect((await run({}, 'show', 'T1')).stdout).toBe(
      [
        'T1  Build it',
        'status    waiting: No key',
        'user      inprogress',
        'sessions  1 session',
        '  s1  blocked    No key',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [['list'], 3, /there is no board .*board\.json \(taskglass task add "…" creates one\)/],
    [['queue', 'T1'], 3, /there is no board .*board\.json \(taskglass task add "…" creates one\)/],
    [['show', 'T1', '--board', '.'], 3, /is a directory/],
    [
      ['update', 'T1', '--status', 'dancing'],
      2,
      /--status dancing is not a status of a session \(queued, working/,
    ],
    [['list', '--status', 'odd'], 2, /odd is not a status/],
    [['add', ' '], 2, /the title is empty/],
    [['sing'], 2, /task: sing is not a verb \(queue, update, add, list or show\)/],
    [[], 2, /task: no verb/],
  ] as [string[], number, RegExp][])('%j is refused in one line', async (args, code, words) => {
    const said = await run(SESSION, ...args);
    expect(said).toMatchObject({ code, stdout: '' });
    expect(said.stderr).toMatch(words);
    expect(said.stderr.split('\n')).toHaveLength(2);
  });

  it('leaves a board that is nonsense as it is, and says where', async () => {
    mkdirSync(join(cwd, '.taskglass'));
    writeFileSync(join(cwd, '.taskglass/board.json'), '{"tasks": [{"id": "T1",}]}');
    expect(await run(SESSION, 'queue', 'T1')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/board\.json is not valid JSON \(line 1, column \d+\)/),
    });
    put({ tasks: 'none' });
    expect(await run({}, 'add', 'A')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not a board'),
    });
    expect(board()).toEqual({ tasks: 'none' });
  });

  it('says why a board cannot be made', async () => {
    writeFileSync(join(cwd, 'file'), '');
    expect(await run({}, 'add', 'Build it', '--board', 'file/board/board.json')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /board\.json cannot be written: ENOTDIR: .*mkdir .* \(it was left unchanged\)\n$/,
      ),
    });
  });

  it('refuses to change what it could not read again', async () => {
    const small = '[{"id": "T1", "status": "todo", "sessionProgress": []}';
    mkdirSync(join(cwd, '.taskglass'));
    for (const [rest, why] of [
      [`, ${'['.repeat(20_000)}${']'.repeat(20_000)}]`, 'it is nested too deeply'],
      [`, "${'x'.repeat(64 * 1024 * 1024 - small.length - 6)}"]`, 'it would be larger than 64 MiB'],
    ] as const) {
      writeFileSync(join(cwd, '.taskglass/board.json'), small + rest);
      expect(await run(SESSION, 'queue', 'T1')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`board.json cannot be written: ${why} (it was left unchanged)`),
      });
      expect(readFileSync(join(cwd, '.taskglass/board.json'), 'utf8') === small + rest).toBe(true);
    }
  });

  it('tells its verbs', async () => {
    const { stdout } = await run({}, '--help');
    for (const verb of ['queue', 'update', 'add', 'list', 'show'])
      expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'));
    expect((await run({}, 'update', '--help')).stdout).toContain('queued → working → completed or failed');
  });
});

describe('taskglass task at a Maestro server', () => {
  it('speaks its words, keeps notes in its timeline, and leaves the user’s status alone', async () => {
    await using server = await startMaestroServer();
    server.put('task', { id: 't1', projectId: 'p1', title: 'Deploy', status: 'todo', sessionIds: [] });
    server.put('session', { id: 's1', status: 'idle', taskIds: [] });
    const env = { MAESTRO_SESSION_ID: 's1', MAESTRO_SERVER_URL: server.url, MAESTRO_TASK_IDS: 't1' };

    expect(await run(env, 'queue')).toEqual({ code: 0, stdout: 't1: queued\n', stderr: '' });
    expect(server.tasks.get('t1')?.sessionIds).toEqual(['s1']);
    expect(await run(env, 'update', 't1', '--status', 'working', '--notes', 'Uploading')).toMatchObject({
      code: 0,
    });
    expect(
      await run(env, 'update', 't1', '--status', 'needs_input', '--notes', 'Which region?'),
    ).toMatchObject({ code: 0 });
    expect(server.sessions.get('s1')).toMatchObject({
      needsInput: { active: true, message: 'Which region?' },
      timeline: [{ message: 'Uploading', taskId: 't1' }, { message: 'Which region?' }],
    });
    expect((await run(env, 'list')).stdout).toContain('t1  needs input  todo  needs_input  Deploy');
    expect(await run(env, 'update', 't1', '--status', 'completed')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('(allowed: working, cancelled)'),
    });
    expect(await run(env, 'update', 't1', '--status', 'working')).toMatchObject({ code: 0 });
    expect(await run(env, 'update', 't1', '--status', 'completed')).toMatchObject({ code: 0 });
    expect(server.tasks.get('t1')).toMatchObject({
      status: 'todo',
      taskSessionStatuses: { s1: 'completed' },
    });
    expect(server.sessions.get('s1')?.needsInput).toEqual({ active: false });
    expect(server.requests).toContain(
      'PATCH /api/tasks/t1 {"sessionStatus":"working","updateSource":"session","sessionId":"s1"}',
    );
  });

  it('adds a task to the session’s project', async () => {
    await using server = await startMaestroServer();
    server.put('project', { id: 'p1', name: 'Shop' });
    const env = { MAESTRO_SERVER_URL: server.url };
    expect(await run(env, 'add', 'Ship it')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('MAESTRO_PROJECT_ID'),
    });
    expect(await run({ ...env, MAESTRO_PROJECT_ID: 'p1' }, 'add', 'Ship it')).toMatchObject({
      code: 0,
      stdout: 'task_1\n',
    });
    expect(server.tasks.get('task_1')).toMatchObject({ title: 'Ship it', projectId: 'p1' });
  });

  it('says in words that it cannot reach the server', async () => {
    expect(await run({ MAESTRO_SERVER_URL: 'http://127.0.0.1:4' }, 'list')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'taskglass: http://127.0.0.1:4: nothing is listening there (is the Maestro server running?)\n',
    });
  });

  it('prefers the board that is named', async () => {
    put([{ id: 'T1', title: 'A', status: 'todo' }]);
    const env = { ...SESSION, MAESTRO_SERVER_URL: 'http://127.0.0.1:9' };
    expect(await run(env, 'queue', 'T1', '--board', '.taskglass/board.json')).toMatchObject({ code: 0 });
    expect(await run(env, 'queue', 'T1')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('127.0.0.1:9'),
    });
    expect(await run({ ...env, MAESTRO_SERVER_URL: 'ftp://x' }, 'list')).toMatchObject({ code: 2 });
  });
});
