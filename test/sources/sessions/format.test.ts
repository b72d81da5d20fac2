import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../../src/model/task.ts';
import { decodeBoard, isBoard } from '../../../src/sources/sessions/format.ts';
import { createMaestroDecoder } from '../../../src/sources/sessions/maestro-format.ts';
import { decodeMaestroSession } from '../../../src/sources/sessions/maestro-session.ts';
import { userOffers } from '../../../src/sources/sessions/offers.ts';
import {
  readSessionStatus,
  sessionMoves,
  taskStatus,
  userMoves,
} from '../../../src/sources/sessions/words.ts';
import { taskBreakdownRank } from '../../../src/sources/task-breakdown/format.ts';

const TASK = { id: 'T1', title: 'Build the page', status: 'todo' };
const AT = '2026-11-21T08:00:00.000Z';

describe('the one status of a task', () => {
  it.each([
    ['completed', ['needs_input', 'working'], 'completed'],
    ['cancelled', ['working'], 'cancelled'],
    ['archived', ['working'], 'cancelled'],
    ['todo', ['working', 'needs_input'], 'needs-input'],
    ['todo', ['blocked', 'working'], 'running'],
    ['inprogress', ['blocked', 'failed'], 'waiting'],
    ['blocked', [], 'waiting'],
    ['blocked', ['working'], 'running'],
    ['inprogress', [], 'running'],
    ['inreview', ['completed'], 'running'],
    ['inprogress', ['failed'], 'running'],
    ['todo', ['failed', 'failed'], 'failed'],
    ['todo', ['failed', 'completed'], 'queued'],
    ['todo', ['completed'], 'completed'],
    ['todo', ['completed', 'completed', 'skipped', 'idle'], 'completed'],
    [null, ['completed'], 'completed'],
    ['todo', ['completed', 'queued'], 'queued'],
    ['inprogress', ['completed'], 'running'],
    ['todo', ['skipped'], 'queued'],
    ['todo', ['queued'], 'queued'],
    ['todo', [], 'queued'],
    [null, ['failed'], 'failed'],
    [null, [null], 'queued'],
  ] as const)('of user %s and sessions %j is %s', (user, sessions, status) => {
    expect(taskStatus(user, sessions)).toBe(status);
  });
});

describe('a session board', () => {
  it.each([
    ['a single task', TASK],
    ['an array', [TASK]],
    ['{tasks}', { tasks: [TASK], owner: 'me' }],
  ])('may be %s', (_shape, document) => {
    expect(isBoard(document)).toBe(true);
    expect(decodeBoard(document)?.tasks).toMatchObject([{ nativeId: 'T1', name: 'Build the page' }]);
  });

  it('is distinguished from other documents', () => {
    const breakdown = {
      generated_at: AT,
      total_tasks: 1,
      tasks: [{ id: 1, description: 'a', status: 'pending' }],
    };
    const described = { tasks: [{ id: 'T1', name: 'a', description: 'b', sessionProgress: [] }] };
    expect(isBoard(breakdown)).toBe(false);
    expect(isBoard({ activeTasks: [], tasks: [TASK] })).toBe(false);
    expect([isBoard(described), taskBreakdownRank(described)]).toEqual([true, 0]);
    for (const document of [
      null,
      5,
      'x',
      [],
      {},
      { id: 'x', name: 'y', status: 'ready' },
      { id: 5, name: 'an order', status: 'completed' },
      [1, 2],
      { tasks: 3 },
    ])
      expect(isBoard(document)).toBe(false);
    expect(decodeBoard({ name: 'package', version: '1' })).toBeNull();
  });

  it('shows the user’s status and a line for each session', () => {
    expect(
      read({
        ...TASK,
        status: 'inprogress',
        updatedAt: '2026-11-21T07:00:00.000Z',
        sessionProgress: [
          { sessionId: 's1', status: 'working', lastUpdated: AT, notes: 'Wired\nthe form' },
          {
            sessionId: 's2',
            status: 'needs_input',
            lastUpdated: '2026-11-21T07:30:00.000Z',
            notes: 'Which colour?',
          },
          { sessionId: 's3', status: 'blocked' },
        ],
      }),
    ).toMatchObject({
      state: { status: 'needs-input', reason: 'Which colour?' },
      userStatus: 'inprogress',
      updatedAt: Date.parse(AT),
      sessions: [
        { id: 's1', status: 'working', updatedAt: Date.parse(AT), notes: 'Wired\nthe form' },
        { id: 's2', status: 'needs_input', notes: 'Which colour?' },
        { id: 's3', status: 'blocked', updatedAt: null, notes: null },
      ],
    });
  });

  it('is for review once its sessions call it completed, until the user says so too', () => {
    const done = [{ sessionId: 's1', status: 'completed', lastUpdated: AT, notes: 'Built' }];
    const reported = read({ ...TASK, sessionProgress: done });
    expect(reported).toMatchObject({
      state: { status: 'completed', endedAt: Date.parse(AT), result: 'Built' },
      review: true,
    });
    expect(userOffers(reported, 'design', null)).toEqual([
      expect.objectContaining({
        command: 'setStatus',
        choices: ['completed', 'inprogress', 'cancelled'],
        asksBack: ['cancelled'],
      }),
    ]);
    for (const status of ['inprogress', 'completed', 'cancelled'])
      expect(read({ ...TASK, status, sessionProgress: done }).review ?? false).toBe(false);
  });

  it('asks what the session that needs input asks', () => {
    const asking = { sessionId: 's1', status: 'needs_input', lastUpdated: AT, notes: 'Which colour?' };
    expect(read({ ...TASK, sessionProgress: [asking] }).question).toEqual({
      text: 'Which colour?',
      choices: [],
      askedAt: Date.parse(AT),
    });
    expect(read({ ...TASK, sessionProgress: [{ ...asking, notes: undefined }] }).question).toBeNull();
  });

  it('says why a task is in its state, with the newest word of those that determine it', () => {
    const at = (hour: number) => `2026-11-21T0${hour}:00:00.000Z`;
    const sessions = (status: string) => [
      { sessionId: 's1', status, lastUpdated: at(3), notes: 'new' },
      { sessionId: 's2', status, lastUpdated: at(2), notes: 'old' },
    ];
    const state = (status: string) => read({ ...TASK, sessionProgress: sessions(status) }).state;
    expect(reasonOf(state('blocked'))).toBe('new');
    expect(reasonOf(state('working'))).toBe('new');
    expect(state('failed')).toEqual({ status: 'failed', error: 'new', endedAt: Date.parse(at(3)) });
    expect(reasonOf(read({ ...TASK, sessionProgress: [{ sessionId: 's9', status: 'blocked' }] }).state)).toBe(
      's9: blocked',
    );
  });

  it.each([
    [{ agentStatus: 'working', agentId: 'a7' }, 'running', [{ id: 'a7', status: 'working' }]],
    [{ sessionStatus: 'needs_input', sessionId: 's1' }, 'needs-input', [{ id: 's1', status: 'needs_input' }]],
    [{ sessionStatus: 'blocked', sessionIds: ['s1', 's2'] }, 'waiting', [{ id: 's2', status: 'blocked' }]],
    [{ agentStatus: 'failed' }, 'failed', [{ id: 'agent', status: 'failed' }]],
    [
      { agentStatus: 'failed', sessionProgress: [{ sessionId: 's1', status: 'queued' }] },
      'queued',
      [{ id: 's1' }],
    ],
    [{ taskSessionStatuses: { s1: 'working', s2: 'failed' } }, 'running', [{ id: 's1' }, { id: 's2' }]],
  ])('reads sessions of earlier and other versions: %j', (fields, status, sessions) => {
    expect(read({ ...TASK, ...fields })).toMatchObject({ state: { status }, sessions });
  });

  it.each([
    [{ title: 'a', name: 'b' }, 'a'],
    [{ name: 'b' }, 'b'],
    [{ title: '  ', name: '' }, '(untitled)'],
    [{}, '(untitled)'],
    [{ title: 'two\n lines\u001b[31m red' }, 'two lines red'],
  ])('names a task by its title or name: %j', (fields, name) => {
    expect(read({ id: 'T1', status: 'todo', ...fields }).name).toBe(name);
  });

  it('takes unknown words for what they are', () => {
    const board = decodeBoard([
      { ...TASK, status: 'someday' },
      { ...TASK, id: 'T2', sessionProgress: [{ sessionId: 's1', status: 'dreaming' }] },
    ]);
    expect(board?.tasks.map(({ state }) => state)).toEqual([
      { status: 'queued', reason: 'someday' },
      { status: 'queued', reason: 'dreaming' },
    ]);
    expect(board?.problem).toMatchObject({
      kind: 'unknown-word',
      message: 'the board[0]: unknown status "someday": read as todo (and 1 more like this)',
    });
  });

  it('leaves out what is not a task, and says so', () => {
    const board = decodeBoard({ tasks: [null, 5, { title: 'x' }, TASK, TASK, { ...TASK, id: ['?'] }] });
    expect(board?.tasks.map(({ nativeId }) => nativeId)).toEqual(['T1']);
    expect(board?.problem?.message).toBe(
      'tasks[0] is left out: it is not a JSON object (and 4 more like this)',
    );
  });

  it('never keeps the content of env', () => {
    const secret = { KEY: 'swordfish' };
    const task = read({
      ...TASK,
      env: secret,
      sessionProgress: [{ sessionId: 's1', status: 'working', env: secret }],
    });
    expect(JSON.stringify(task)).not.toContain('swordfish');
    expect(task.raw).toEqual({ ...TASK, sessionProgress: [{ sessionId: 's1', status: 'working' }] });
  });

  it('does not let a reopened task look ended', () => {
    const task = read({ ...TASK, status: 'in_progress', completedAt: 1_795_247_219_146 });
    expect(task.state).toEqual({ status: 'running', reason: null });
    expect(read({ ...TASK, status: 'completed', completedAt: 5 }).state).toMatchObject({ endedAt: 5 });
  });

  it('no longer counts what failed before a retry', () => {
    const retried = (lastUpdated?: string) =>
      read({ ...TASK, retriedAt: AT, sessionProgress: [{ sessionId: 's1', status: 'failed', lastUpdated }] })
        .state;
    expect(retried('2026-11-21T07:59:59.000Z').status).toBe('queued');
    expect(retried().status).toBe('queued');
    expect(retried('2026-11-21T08:00:01.000Z').status).toBe('failed');
  });
});

describe('whatever a document contains', () => {
  const key = fc.constantFrom(
    'id',
    'status',
    'title',
    'tasks',
    'sessionIds',
    'timeline',
    'env',
    '__proto__',
    'notes',
  );
  const words = fc.constantFrom('T1', 'todo', 'working', 'failed', '\u001b]0;x\u0007', '2026-11-21', '');
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      words,
      fc.double(),
      fc.constant(null),
      fc.array(tie('json')),
      tie('object'),
    ),
    object: fc.dictionary(
      fc.oneof(key, fc.constantFrom('sessionProgress', 'taskSessionStatuses', 'needsInput', 'sessionStatus')),
      tie('json'),
    ),
  }));

  it('is read or left out, and is never shown with escapes', () => {
    fc.assert(
      fc.property(json, json, (document, session) => {
        const sessions = new Map(
          [session].flatMap((raw) => decodeMaestroSession(raw) ?? []).map((each) => [each.id, each]),
        );
        const tasks = Array.isArray(document) ? document : [document];
        const read = [
          ...(decodeBoard(document)?.tasks ?? []),
          ...createMaestroDecoder()({ tasks, sessions, projects: new Map() }).tasks,
        ];
        for (const { raw, ...shown } of read) expect(JSON.stringify(shown)).not.toContain('\\u001b');
        for (const task of read) expect(JSON.stringify(task.raw ?? null)).not.toContain('"env"');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the moves', () => {
  it.each([
    ['todo', 'design', ['inprogress'], ['completed', 'cancelled']],
    ['inprogress', 'design', ['completed', 'cancelled'], ['todo']],
    ['completed', 'design', [], ['todo', 'inprogress', 'cancelled']],
    [null, 'design', [], ['todo', 'inprogress', 'completed', 'cancelled']],
    ['todo', 'maestro', ['inprogress'], ['inreview', 'blocked', 'completed', 'cancelled', 'archived']],
  ] as const)('of a user from %s (%s) are %j, and asked back %j', (from, dialect, usual, others) => {
    expect(userMoves(from, dialect)).toEqual({ usual, others });
  });

  it.each([
    [null, ['queued', 'working']],
    ['queued', ['working', 'cancelled']],
    ['working', ['blocked', 'needs_input', 'completed', 'failed', 'cancelled']],
    ['blocked', ['working', 'cancelled']],
    ['needs_input', ['working', 'cancelled']],
    ['completed', ['cancelled']],
    ['failed', ['cancelled']],
    ['cancelled', []],
  ] as const)('of a session from %s are %j', (from, moves) => {
    expect(sessionMoves(from)).toEqual(moves);
  });

  it('are read in any spelling', () => {
    expect(
      ['needsInput', 'needs-input', 'NEEDS_INPUT', 'spawning', 'stopped', '?'].map(readSessionStatus),
    ).toEqual(['needs_input', 'needs_input', 'needs_input', 'queued', 'cancelled', null]);
  });
});

function read(task: object) {
  const found = decodeBoard([task])?.tasks[0];
  if (!found) throw new Error('no task was read');
  return found;
}
