import { RunAgentInputSchema } from '@ag-ui/core/schemas';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createAguiSource } from '../../../src/sources/agui/source.ts';
import { type Asked, type EventServer, openEventServer } from '../../helpers/event-server.ts';
import { eventually } from '../../helpers/eventually.ts';
import { openView } from '../source-contract.ts';

const dashboard = (progress: number) => ({
  type: 'STATE_SNAPSHOT',
  snapshot: {
    version: 1,
    timestamp: 1_800_000_000_000,
    activeTasks: [
      {
        taskId: 'a',
        taskName: 'A',
        status: 'running',
        steps: [{ index: 0, name: 's', status: 'running', progress }],
      },
    ],
  },
});
const moveTo = (value: number) => ({
  type: 'STATE_DELTA',
  delta: [{ op: 'replace', path: '/activeTasks/0/steps/0/progress', value }],
});

/** A clock that does not wait between two connections, and tells how long it would have. */
function hurriedClock(): Clock & { readonly delays: number[] } {
  const delays: number[] = [];
  return {
    delays,
    ...systemClock,
    after(delayMs, action) {
      if (delayMs === 45_000 || delayMs === 86_400_000) return systemClock.after(delayMs, action);
      delays.push(delayMs);
      return systemClock.after(0, action);
    },
  };
}

async function follow(
  answer: (asked: Asked, number: number) => void,
  options: { run?: { message: string | null }; path?: string; clock?: Clock } = {},
) {
  const server = await openEventServer(answer);
  const clock = hurriedClock();
  const view = openView(
    createAguiSource({
      id: sourceId('agui'),
      url: `${server.url}${options.path ?? ''}`,
      clock: options.clock ?? clock,
      ...(options.run && { run: options.run }),
    }),
  );
  return {
    server,
    view,
    clock,
    progress: () => view.task('a').steps[0]?.progress,
    message: () => view.record().problem?.message,
    hint: () => view.record().problem?.hint,
    async [Symbol.asyncDispose]() {
      await view.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const only = (server: EventServer) => server.asked[0] as Asked;

describe('a stream', () => {
  it.each([
    ['a ping of sse-starlette', 'event: ping\ndata: 2026-11-29 20:00:00+00:00\n\n'],
    [
      'an event of another name, that holds ours',
      'event: echo\ndata: {"type":"STATE_SNAPSHOT","snapshot":{}}\n\n',
    ],
    ['[DONE]', 'data: [DONE]\n\n'],
    ['empty data', 'data:\n\n'],
    ['nothing but an id', 'id: 7\n\n'],
    ['a comment', ': 5\n\n'],
    ['a comment in the middle of an event', 'data: [\n:\ndata: 1\n\n'],
    ['JSON without a type', 'data: {"state":{}}\n\n'],
    ['JSON that is no object', 'data: null\n\n'],
    ['half an object', 'data: {"type":"STATE\n\n'],
    ['an event of a later version', 'data: {"type":"MOOD_CHANGED","mood":"fine"}\n\n'],
    ['messages', 'data: {"type":"MESSAGES_SNAPSHOT","messages":[]}\n\n'],
    ['what another program said', 'data: {"type":"RAW","event":{"type":"STATE_SNAPSHOT"}}\n\n'],
  ])('passes over %s', async (_what, text) => {
    await using world = await follow(({ open, say }) => {
      open();
      say(dashboard(10), text, moveTo(20));
    });
    await eventually(() => expect(world.progress()).toBe(20));
    expect(world.message()).toBeUndefined();
    expect(world.server.asked).toHaveLength(1);
  });

  it.each(['Text/Event-Stream', 'text/event-stream;charset=UTF-8', 'TEXT/EVENT-STREAM ; charset="utf-8"'])(
    'is known by its type, however it is written: %s',
    async (type) => {
      await using world = await follow(({ open, say }) => {
        open({ 'content-type': type });
        say(dashboard(10));
      });
      await eventually(() => expect(world.progress()).toBe(10));
    },
  );

  it.each([0, 1, 2, 3])('is read to the letter, wherever its pieces cut a character (%i)', async (shift) => {
    const text = `${'a'.repeat(shift)}${'€𝄞é'.repeat(9_000)}`;
    await using world = await follow(({ open, say }) => {
      open();
      const { activeTasks } = dashboard(10).snapshot;
      say(`\uFEFF: a byte order mark\n\n`, {
        type: 'STATE_SNAPSHOT',
        snapshot: { version: 1, activeTasks: activeTasks.map((task) => ({ ...task, text })) },
      });
    });
    await eventually(() => expect(world.progress()).toBe(10));
    expect(world.view.task('a').raw).toMatchObject({ text });
  });

  it('reports that a delta does not fit, skips it, and continues', async () => {
    await using world = await follow(({ open, say }) => {
      open();
      say(
        dashboard(10),
        { type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/notes', value: 'x' }] },
        moveTo(20),
      );
    });
    await eventually(() => expect(world.progress()).toBe(20));
    expect(world.message()).toMatch(/a delta does not fit: there is no \/notes/u);
    only(world.server).say(dashboard(30));
    await eventually(() => expect(world.message()).toBeUndefined());
    expect(world.server.asked).toHaveLength(1);
  });

  it('may begin with a delta', async () => {
    const { activeTasks } = dashboard(15).snapshot;
    await using world = await follow(({ open, say }) => {
      open();
      say({ type: 'STATE_DELTA', delta: [{ op: 'add', path: '/activeTasks', value: activeTasks }] });
    });
    await eventually(() => expect(world.progress()).toBe(15));
  });
});

describe('coming back', () => {
  it.each<[string, (asked: Asked) => void]>([
    ['a server that says the same each time and ends', ({ stream }) => stream(dashboard(10)).end()],
    [
      'a server that says something new each time and ends',
      ({ stream }) => stream(dashboard(Math.random() * 100)).end(),
    ],
    ['a stream without anything of use', ({ breakOff }) => breakOff('data: [DONE]\n\n')],
    ['a server in trouble', ({ response }) => response.writeHead(503).end()],
  ])('takes ever longer with %s', async (_what, answer) => {
    await using world = await follow((asked, number) => (number < 6 ? answer(asked) : asked.open()));
    await eventually(() => expect(world.server.asked).toHaveLength(7));
    const bounds = [2, 4, 8, 16, 32, 60].map((seconds) => seconds * 1_000);
    const outside = world.clock.delays.filter((delay, n) => {
      const most = bounds[n] ?? 0;
      return delay < most / 2 || delay > most;
    });
    expect(outside).toEqual([]);
  });

  it('is quick again if something useful came before the connection was lost', async () => {
    await using world = await follow(({ open, breakOff, response }, number) => {
      if (number < 3) response.writeHead(502).end();
      else if (number === 3) breakOff(dashboard(10));
      else open();
    });
    await eventually(() => expect(world.server.asked).toHaveLength(5));
    expect(world.clock.delays[2]).toBeGreaterThan(2_000);
    expect(world.clock.delays[3]).toBeLessThanOrEqual(2_000);
  });

  it.each([
    ['seconds', () => '120', 120_000, 120_000],
    ['a date', () => new Date(Date.now() + 300_000).toUTCString(), 290_000, 300_000],
    ['a date that is over', () => new Date(0).toUTCString(), 0, 2_000],
    ['a word', () => 'soon', 0, 2_000],
    ['more than a day', () => '999999999', 86_400_000 - 1, 86_400_000 + 1],
  ])('keeps to a Retry-After of %s', async (_what, header, from, to) => {
    const clock = hurriedClock();
    const patient: Clock = {
      ...clock,
      after: (ms, action) => (ms === 86_400_000 ? clock.after(ms - 0.5, action) : clock.after(ms, action)),
    };
    await using world = await follow(
      ({ open, response }, number) =>
        number === 0 ? void response.writeHead(503, { 'retry-after': header() }).end() : open(),
      { clock: patient },
    );
    await eventually(() => expect(world.server.asked).toHaveLength(2));
    expect(clock.delays[0]).toBeGreaterThanOrEqual(from);
    expect(clock.delays[0]).toBeLessThanOrEqual(to);
  });

  it.each([
    [405, /only answers a POST/u, /agui\+run:http/u],
    [404, /answers 404/u, /agui\+run:URL/u],
    [401, /needs its token/u, /TASKGLASS_TOKEN/u],
    [429, /answers 429/u, /trying again in 9 s/u],
    [500, /answers 500/u, /trying again/u],
  ])('says of %i what it means', async (status, message, hint) => {
    await using world = await follow(({ open, response }, number) =>
      number === 0
        ? void response.writeHead(status, status === 429 ? { 'retry-after': '9' } : {}).end()
        : open(),
    );
    await eventually(() => expect(world.message()).toMatch(message));
    expect(world.hint()).toMatch(hint);
  });
});

const begin = { type: 'RUN_STARTED', threadId: 't1', runId: 'r1' };

describe('a run', () => {
  it('is a task, with its steps and what it does', async () => {
    await using world = await follow(
      ({ open, say }) => {
        open();
        say(
          begin,
          { type: 'STATE_SNAPSHOT', snapshot: { plan: ['fetch', 'build'], current: 0 } },
          { type: 'STEP_STARTED', stepName: 'fetch' },
          { type: 'STEP_FINISHED', stepName: 'fetch' },
          { type: 'STEP_STARTED', stepName: 'build' },
          { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'search' },
        );
      },
      { path: 'agents/writer' },
    );
    await eventually(() =>
      expect(world.view.task('r1')).toMatchObject({ state: { status: 'running', reason: 'search' } }),
    );
    expect(world.view.task('r1')).toMatchObject({
      name: 'writer',
      labels: { thread: 't1' },
      steps: [
        { name: 'fetch', status: 'completed' },
        { name: 'build', status: 'running' },
      ],
      notes: [{ text: 'search' }],
    });
    expect(world.message()).toBeUndefined();
  });

  const failed = { type: 'RUN_ERROR', message: 'model overloaded', code: 'E1' };
  const finished = { type: 'RUN_FINISHED', threadId: 't1', runId: 'r1' };
  const asks = {
    outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'approval', message: 'Send it?' }] },
  };
  it.each([
    ['fails with its message', failed, { status: 'failed', error: 'model overloaded' }],
    ['is completed', finished, { status: 'completed' }],
    [
      'is completed with its result',
      { ...finished, result: 'all fine' },
      { status: 'completed', result: 'all fine' },
    ],
    ['is cancelled', { ...finished, outcome: { type: 'cancelled' } }, { status: 'cancelled' }],
    ['asks', { ...finished, ...asks }, { status: 'needs-input', reason: 'Send it?' }],
  ])('%s, and is not asked for again', async (_what, end, state) => {
    await using world = await follow(({ open, say, response }) => {
      open();
      say(begin, { type: 'STEP_STARTED', stepName: 'one' }, end);
      response.end();
    });
    await eventually(() => expect(world.view.task('r1').state).toMatchObject(state));
    expect(world.clock.delays).toEqual([]);
    expect(world.server.asked).toHaveLength(1);
  });

  it('that ends takes along what its dashboard shows as under way', async () => {
    await using world = await follow(({ open, say, response }) => {
      open();
      say(begin, dashboard(10), failed);
      response.end();
    });
    await eventually(() => expect(world.view.statuses()).toEqual({ a: 'failed' }));
    expect(world.view.task('a').state).toMatchObject({ error: 'model overloaded' });
  });

  it('that fails with nothing on its dashboard is shown itself', async () => {
    await using world = await follow(({ open, say }) => {
      open();
      say(begin, { type: 'STATE_SNAPSHOT', snapshot: { activeTasks: [] } }, failed);
    });
    await eventually(() => expect(world.view.statuses()).toEqual({ r1: 'failed' }));
  });

  it('of a thread that is reported again is one of several', async () => {
    await using world = await follow(({ open, say }) => {
      open();
      say(begin, finished, { ...begin, runId: 'r2' }, failed, { ...begin, runId: 'r3' });
    });
    await eventually(() =>
      expect(world.view.statuses()).toEqual({ r1: 'completed', r2: 'failed', r3: 'running' }),
    );
  });
});

describe('starting a run', () => {
  it('posts what the protocol asks for, once, and follows it to its end', async () => {
    await using world = await follow(
      ({ open, say, response, body }) => {
        const { threadId, runId } = JSON.parse(body);
        open();
        say({ type: 'RUN_STARTED', threadId, runId }, { type: 'RUN_FINISHED', threadId, runId });
        response.end();
      },
      { run: { message: 'Write a poem' } },
    );
    await eventually(() => expect(Object.values(world.view.statuses())).toEqual(['completed']));
    const { request, body } = only(world.server);
    expect([request.method, request.headers['content-type']]).toEqual(['POST', 'application/json']);
    const input = RunAgentInputSchema.parse(JSON.parse(body));
    expect(input.messages).toMatchObject([{ role: 'user', content: 'Write a poem' }]);
    expect(world.view.task(input.runId).name).toBe('Write a poem');
    expect(world.server.asked).toHaveLength(1);
    expect(world.clock.delays).toEqual([]);
  });

  it.each<[string, (asked: Asked) => void, RegExp]>([
    ['whose connection is lost', ({ breakOff }) => breakOff(begin), /lost before the run ended/u],
    ['whose stream ends without its end', ({ stream }) => stream(begin).end(), /lost before the run ended/u],
    ['that is refused', ({ response }) => response.writeHead(422).end(), /answers 422/u],
    ['that failed in between', ({ response }) => response.writeHead(502).end(), /answers 502/u],
    [
      'that is redirected',
      ({ response }) => response.writeHead(307, { location: '/elsewhere' }).end(),
      /answers 307/u,
    ],
  ])('is not done again for one %s', async (_what, answer, message) => {
    await using world = await follow(answer, { run: { message: null } });
    await eventually(() => expect(world.message()).toMatch(message));
    expect(world.clock.delays).toEqual([]);
    expect(world.server.asked).toHaveLength(1);
  });

  it('is tried again if the server asks for that', async () => {
    await using world = await follow(
      ({ open, response }, number) =>
        number === 0 ? void response.writeHead(429, { 'retry-after': '30' }).end() : open(),
      { run: { message: null } },
    );
    await eventually(() =>
      expect(world.server.asked.map(({ request }) => request.method)).toEqual(['POST', 'POST']),
    );
    expect(world.clock.delays).toEqual([30_000]);
  });
});
