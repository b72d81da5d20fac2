import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import { createMaestroServerSource } from '../../../src/sources/sessions/maestro-server.ts';
import { eventually } from '../../helpers/eventually.ts';
import { openGate } from '../../helpers/gate.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { type MaestroServer, type Mood, startMaestroServer } from '../../helpers/maestro-server.ts';
import {
  commandContext,
  describeSourceContract,
  openView,
  type View,
  type WorldStatus,
} from '../source-contract.ts';

const QUICK = { connectMs: 2_000, pingMs: 200, closeMs: 100, answerMs: 500, afterBurstMs: 100, blindMs: 500 };

const WORDS: Record<WorldStatus, object> = {
  queued: { status: 'todo', taskSessionStatuses: {} },
  running: { status: 'in_progress', taskSessionStatuses: { s1: 'working' } },
  completed: { status: 'completed', taskSessionStatuses: { s1: 'completed' } },
  failed: { status: 'todo', taskSessionStatuses: { s1: 'failed' } },
};

describeSourceContract('the Maestro server source', async () => {
  const server = await startMaestroServer();
  const gate = await openGate(server.port);
  return {
    source: createMaestroServerSource({
      id: sourceId('maestro'),
      url: `http://127.0.0.1:${gate.port}`,
      clock: hurriedClock,
      times: QUICK,
    }),
    async add({ name, status }) {
      const id = `task_${server.tasks.size + 1}`;
      server.put('task', { id, projectId: 'p1', title: name, sessionIds: ['s1'], ...WORDS[status] });
      return id;
    },
    async change(nativeId, status) {
      const task = server.tasks.get(nativeId);
      if (task) server.put('task', { ...task, ...WORDS[status] });
    },
    remove: async (nativeId) => server.remove(nativeId),
    breakDown: () => gate.shut(),
    mend: () => gate.unlock(),
    /** Whoever runs the sessions starts one again when the user says todo. */
    async obey() {
      const { put } = server;
      server.put = (kind, entity) => {
        const isRetried = kind === 'task' && entity.status === 'todo';
        put(kind, isRetried ? { ...entity, taskSessionStatuses: { s1: 'working' } } : entity);
      };
    },
    openResources: () => server.listeners,
    async close() {
      if (gate.open > 0) await gate.shut();
      else await gate[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
});

describe('a Maestro server', { timeout: 30_000 }, () => {
  let server: MaestroServer;
  let view: View;
  let source: ReturnType<typeof createMaestroServerSource>;
  beforeEach(async () => {
    server = await startMaestroServer();
    source = createMaestroServerSource({
      id: sourceId('maestro'),
      url: server.url,
      clock: hurriedClock,
      times: QUICK,
    });
    server.put('task', { id: 't1', title: 'Deploy', status: 'todo', sessionIds: ['s1'] });
    server.put('session', {
      id: 's1',
      name: 'Worker 1',
      status: 'working',
      taskIds: ['t1'],
      env: { KEY: 'swordfish' },
      timeline: [{ type: 'progress', timestamp: 1_795_247_000_000, message: 'Uploading', taskId: 't1' }],
    });
  });
  afterEach(async () => {
    await view.close();
    await server[Symbol.asyncDispose]();
  });
  const open = async () => {
    view = openView(source);
    await view.live();
    await eventually(() => expect(server.listeners).toBe(1));
  };

  it('shows what its sessions are doing, and never their environment', async () => {
    await open();
    expect(view.task('t1')).toMatchObject({
      state: { status: 'running', reason: 'Uploading' },
      sessions: [{ id: 's1', name: 'Worker 1', status: 'working', notes: 'Uploading' }],
      notes: [{ at: 1_795_247_000_000, text: 'Uploading' }],
    });
    expect(JSON.stringify(view.events)).not.toContain('swordfish');
  });

  describe('answers', () => {
    const ask = (fields: object = {}) => {
      const session = server.sessions.get('s1');
      const needsInput = { active: true, message: 'Which region?', since: 1_795_247_100_000 };
      if (session) server.put('session', { ...session, parentSessionId: 'boss', needsInput, ...fields });
    };
    const answer = (text: string) => source.commands.answer?.('t1', { ...commandContext(), argument: text });
    const shown = () => eventually(() => expect(view.task('t1').question?.text).toBe('Which region?'));
    beforeEach(() => server.put('session', { id: 'boss', status: 'working', taskIds: [] }));

    it('are passed to the session that asks, by its coordinator', async () => {
      ask();
      await open();
      await shown();
      expect(view.task('t1').offers).toContainEqual({ command: 'answer', refusal: null, choices: [] });
      expect(await answer('eu-west')).toEqual({ kind: 'sent' });
      const sent = server.requests.find((request) => request.startsWith('POST /api/sessions/s1/prompt'));
      expect(sent).toMatch(
        /"content":"eu-west\\n\\n\(an answer by .+, through taskglass\)","mode":"send","senderSessionId":"boss"/,
      );
      await eventually(() => expect(view.task('t1').question ?? null).toBeNull());
      expect(await answer('late')).toMatchObject({
        problem: { message: 'answer: the question is no longer open' },
      });
    });

    it.each([
      ['has no coordinator', { parentSessionId: null }, /takes messages from a coordinator only/],
      ['has one that is gone', { parentSessionId: 'x' }, /answers 404 to .*: Session not found/],
      [
        'asks something else by now',
        { needsInput: { active: true, message: 'Which zone?' } },
        /the question is no longer open/,
      ],
      ['asks nothing any more', { needsInput: { active: false } }, /the question is no longer open/],
    ])('are refused with a reason if it %s', async (_name, now, why) => {
      ask();
      await open();
      await shown();
      server.isMuffled = true;
      ask(now);
      expect(await answer('eu-west')).toMatchObject({
        kind: 'refused',
        problem: { message: expect.stringMatching(why) },
      });
    });

    it('are not offered if they cannot be passed on', async () => {
      ask({ parentSessionId: undefined });
      await open();
      await shown();
      expect(view.task('t1').offers.find(({ command }) => command === 'answer')?.refusal).toMatch(
        /own terminal/,
      );
    });
  });

  it('marks a task whose session asks something', async () => {
    await open();
    const session = server.sessions.get('s1');
    if (session)
      server.put('session', { ...session, needsInput: { active: true, message: 'Which region?' } });
    await eventually(() => expect(view.statuses().t1).toBe('needs-input'));
    expect(view.task('t1').state).toMatchObject({ reason: 'Which region?' });
  });

  it('does not let the tasks wait for sessions that it does not describe', async () => {
    for (let session = 2; session <= 40; session += 1)
      server.put('session', { id: `s${session}`, status: 'working', taskIds: ['t1'] });
    server.isSecretive = true;
    await open();
    expect(view.statuses()).toEqual({ t1: 'running' });
    const asked = server.requests.filter((request) => request.startsWith('GET /api/sessions/'));
    expect(new Set(asked).size).toBe(4);
  });

  it('is read over HTTP if the last frame of a burst is lost', async () => {
    await open();
    server.say(
      JSON.stringify([{ type: 'task:updated', event: 'task:updated', data: { id: 't1', status: 'todo' } }]),
    );
    server.isMuffled = true;
    server.put('task', { id: 't1', title: 'Deploy', status: 'completed' });
    await eventually(() => expect(view.statuses().t1).toBe('completed'));
  });

  it.each([
    ['no JSON', '{"type": [[['],
    ['another shape', '{"type":5,"data":{"id":"t1","status":{"deep":[1]}}}'],
    ['a number', '42'],
    ['binary', Buffer.from([0, 255, 1])],
    ['large', `[${'{"type":"x"},'.repeat(100_000)}{}]`],
    ['too large', 'x'.repeat(5 * 1024 * 1024)],
  ])('may send frames of any kind: %s', async (_what, frame) => {
    await open();
    server.say(frame);
    server.put('task', { id: 't2', title: 'Another', status: 'in_progress' });
    await eventually(() => expect(view.statuses()).toEqual({ t1: 'running', t2: 'running' }));
    await eventually(() => expect(view.record()).toMatchObject({ status: 'live', problem: null }));
  });

  it.each([
    ['error', /answers 500 to \/api\/tasks: out of memory/],
    ['hanging', /did not answer within 0\.5 s/],
    ['nonsense', /\/api\/tasks is not JSON/],
    ['not-found', /answers 404 to \/api\/tasks/],
  ] as [Mood, RegExp][])(
    'that is in a bad way (%s) is said, its last view kept, and it recovers',
    async (mood, words) => {
      await open();
      server.mood = mood;
      server.say('[]');
      await eventually(() => expect(view.record().problem?.message).toMatch(words));
      expect(view.record().status).toBe('down');
      expect(view.statuses()).toEqual({ t1: 'running' });
      server.mood = 'well';
      await view.live();
      expect(view.record().problem).toBeNull();
    },
  );

  it('is asked every so often while it sends no frames', async () => {
    const gate = await openGate(server.port);
    source = createMaestroServerSource({
      id: sourceId('maestro'),
      url: `http://127.0.0.1:${gate.port}`,
      clock: hurriedClock,
      times: QUICK,
    });
    await open();
    gate.freeze();
    server.isMuffled = true;
    server.put('task', { id: 't1', title: 'Deploy', status: 'completed' });
    await eventually(() => expect(view.statuses().t1).toBe('completed'));
    await view.close();
    await gate[Symbol.asyncDispose]();
  });

  it('without any frames is asked every so often, and that is reported', async () => {
    server.hasFrames = false;
    view = openView(source);
    await eventually(() =>
      expect(view.record().problem).toMatchObject({
        severity: 'degraded',
        message: `${server.url} sends no live events: asking it every 0.5 s`,
      }),
    );
    server.put('task', { id: 't1', title: 'Deploy', status: 'completed' });
    await eventually(() => expect(view.statuses().t1).toBe('completed'));
    expect(view.record().status).toBe('live');
    server.hasFrames = true;
    await eventually(() => expect(view.record().problem).toBeNull());
  });

  it('is asked for what a user wishes, in its own words', async () => {
    await open();
    expect(await source.commands.setStatus?.('t1', { ...commandContext(), argument: 'in_review' })).toEqual({
      kind: 'sent',
    });
    await eventually(() => expect(server.tasks.get('t1')?.status).toBe('in_review'));
    await eventually(() => expect(view.task('t1').userStatus).toBe('in_review'));
    expect(await source.commands.setStatus?.('t1', { ...commandContext(), argument: 'later' })).toMatchObject(
      {
        kind: 'refused',
        problem: { message: 'set status: later is not a status' },
      },
    );
    expect(server.requests.filter((request) => request.startsWith('PATCH'))).toEqual([
      'PATCH /api/tasks/t1 {"status":"in_review"}',
    ]);
  });
});
