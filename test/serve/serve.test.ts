import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/clock.ts';
import { SnapshotDocument } from '../../src/model/document.ts';
import { sourceId } from '../../src/model/id.ts';
import { problem } from '../../src/model/problem.ts';
import { plainName, words } from '../../src/model/text.ts';
import { createAguiSource } from '../../src/sources/agui/source.ts';
import { createAttachedSource } from '../../src/sources/attach/source.ts';
import { eventually } from '../helpers/eventually.ts';
import { makeStep } from '../helpers/task.ts';
import { serveMemory, TOKEN } from '../helpers/task-server.ts';
import { commandContext, openView } from '../sources/source-contract.ts';

const CANCEL = [{ command: 'cancel', refusal: null }] as const;
const json = { 'content-type': 'application/json' };
const bearer = { ...json, authorization: `Bearer ${TOKEN}` };
const authorization = bearer.authorization;

async function snapshotOf(url: string) {
  return SnapshotDocument.parse(await (await fetch(`${url}/snapshot`, { headers: bearer })).json());
}

function post(url: string, headers: Record<string, string>, body: object | string) {
  return fetch(url, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The status of a GET with headers that `fetch` would not send. */
function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('the snapshot', () => {
  it('is the document of --json, with the tasks of all sources', async () => {
    await using world = await serveMemory();
    world.put('a', {
      name: words`Pack the box`,
      steps: [makeStep(0, { status: 'completed' }), makeStep(1)],
    });
    world.memory.live();
    await eventually(async () => {
      const snapshot = await snapshotOf(world.server.url);
      expect(snapshot).toMatchObject({
        version: 1,
        sources: [{ id: 'board', status: 'live', tasks: 1 }],
        tasks: [{ id: 'board/a', name: 'Pack the box', progress: 50, status: 'running' }],
      });
    });
  });

  it('is cut into pieces between characters, not within', async () => {
    await using world = await serveMemory();
    const name = plainName('📦'.repeat(1_000));
    for (let index = 0; index < 60; index += 1) world.put(`${index}`, { name });
    await eventually(async () => {
      const snapshot = await snapshotOf(world.server.url);
      expect(snapshot.tasks.map((task) => task.name)).toEqual(Array(60).fill(name));
    });
  });

  it('lists what the filter lets through, and nothing else', async () => {
    await using world = await serveMemory({ filter: '-secret' });
    world.put('a', { name: words`open` });
    world.put('b', { name: words`secret plan` });
    await eventually(async () => {
      const { tasks } = await snapshotOf(world.server.url);
      expect(tasks.map((task) => task.id)).toEqual(['board/a']);
    });
    const response = await post(`${world.server.url}/commands`, bearer, {
      command: 'cancel',
      taskId: 'board/b',
    });
    expect(response.status).toBe(404);
  });
});

describe('who is answered', () => {
  it.each([
    ['without a token', {}, 401, 200],
    ['with a wrong token', { authorization: 'Bearer guess' }, 401, 200],
    ['with the token as a password', { authorization: `Basic ${btoa(`:${TOKEN}`)}` }, 401, 200],
    ['with the token', { authorization }, 200, 200],
    ['as localhost, through a forwarded port', { host: 'localhost:9999' }, 401, 200],
    ['as localhost, with the token', { host: 'localhost:9999', authorization }, 200, 200],
    ['by a name that points here', { host: 'evil.example' }, 403, 403],
    ['by such a name, with the token: a proxy', { host: 'glass.example', authorization }, 200, 200],
    [
      'by such a name, with a wrong token',
      { host: 'glass.example', authorization: 'Bearer guess' },
      403,
      403,
    ],
    ['by nonsense', { host: '127.0.0.1:1:2' }, 403, 403],
    ['by a page of another site', { origin: 'https://evil.example' }, 403, 403],
    ['by a page without a site', { origin: 'null' }, 403, 403],
    ['by an image or script tag of another site', { 'sec-fetch-site': 'cross-site' }, 403, 403],
  ])('%s', async (_who, headers, status, statusWhereOpen) => {
    await using world = await serveMemory();
    await using open = await serveMemory({ isOpen: true });
    for (const page of ['snapshot', 'events', 'agui', '', 'nowhere']) {
      const isThere = page !== 'nowhere';
      const expected = (answer: number) => (answer === 200 && !isThere ? 404 : answer);
      expect(await statusOf(`${world.server.url}/${page}`, headers)).toBe(expected(status));
      expect(await statusOf(`${open.server.url}/${page}`, headers)).toBe(expected(statusWhereOpen));
    }
  });

  it('says to whoever brings no token that it takes one, and where it goes', async () => {
    await using world = await serveMemory();
    const answer = await fetch(`${world.server.url}/snapshot`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('Authorization: Bearer') });
  });

  it('through an address with the token in it: nobody', async () => {
    await using world = await serveMemory();
    for (const query of [`?token=${TOKEN}`, `?access_token=${TOKEN}`])
      expect(await statusOf(`${world.server.url}/snapshot${query}`, {})).toBe(401);
  });

  const tokenProtocol = (token: string) => `taskglass.bearer.${Buffer.from(token).toString('base64url')}`;

  it.each([
    ['without a token', [], {}, 401],
    ['with the token', [], { headers: { authorization } }, 101],
    ['with the token among the protocols, as a browser can', ['taskglass', tokenProtocol(TOKEN)], {}, 101],
    ['with a wrong one among the protocols', ['taskglass', tokenProtocol('guess')], {}, 401],
    ['with the token as a protocol by itself', ['taskglass', TOKEN], {}, 401],
    ['from a page of another site', [], { origin: 'https://evil.example' }, 403],
  ])('a WebSocket %s', async (_who, protocols, options, status) => {
    await using world = await serveMemory();
    const socket = new WebSocket(`${world.server.url.replace('http', 'ws')}/ws`, protocols, options);
    const answered = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.once('open', () => resolve(101));
    });
    expect(answered).toBe(status);
    if (status === 101) expect(socket.protocol).toBe(protocols.length > 0 ? 'taskglass' : '');
    socket.on('error', () => {}).terminate();
  });

  it('no WebSocket elsewhere', async () => {
    await using world = await serveMemory();
    const url = `${world.server.url.replace('http', 'ws')}/wsx`;
    const [missing] = await once(new WebSocket(url, { headers: bearer }), 'error');
    expect(String(missing)).toContain('404');
  });

  it('with the source documents only whoever has the token', async () => {
    await using world = await serveMemory({ isOpen: true });
    world.put('a', { raw: { apiKey: 'sk-secret' } });
    for (const [token, raw] of [
      [TOKEN, { apiKey: 'sk-secret' }],
      [null, null],
    ] as const) {
      const options = { id: sourceId('server'), url: world.server.url, clock: systemClock };
      const view = openView(createAttachedSource({ ...options, ...(token && { token }) }));
      await eventually(() => expect(view.task('board/a').raw).toEqual(raw));
      await view.close();
    }
  });

  it('only so many listeners, and more again when one has gone', async () => {
    await using world = await serveMemory();
    const leave = Array.from({ length: 64 }, () => new AbortController());
    const listen = (signal?: AbortSignal) =>
      fetch(`${world.server.url}/events`, { headers: bearer, ...(signal && { signal }) });
    await Promise.all(leave.map(({ signal }) => listen(signal)));
    expect((await listen()).status).toBe(503);
    leave[0]?.abort();
    await eventually(() => expect(world.server.listeners).toBe(63));
    expect((await fetch(`${world.server.url}/agui`, { headers: bearer })).status).toBe(200);
    for (const one of leave) one.abort();
  });

  it('always some who have the token, however many others listen where reading is open', async () => {
    await using world = await serveMemory({ isOpen: true });
    const leave = new AbortController();
    const listen = (headers: Record<string, string>) =>
      fetch(`${world.server.url}/events`, { headers, signal: leave.signal }).then(({ status }) => status);
    const others = await Promise.all(Array.from({ length: 64 }, () => listen({})));
    expect(others.filter((status) => status === 200)).toHaveLength(48);
    expect(await listen(bearer)).toBe(200);
    leave.abort();
  });

  it('only pages that there are, by the methods that they have', async () => {
    await using world = await serveMemory();
    expect((await fetch(`${world.server.url}/constructor`, { headers: bearer })).status).toBe(404);
    expect((await fetch(`${world.server.url}/commands`, { headers: bearer })).headers.get('allow')).toBe(
      'POST',
    );
    expect(
      await fetch(`${world.server.url}/`, { headers: bearer }).then((page) => page.json()),
    ).toHaveProperty('/snapshot');
  });
});

describe('a posted command', () => {
  it('needs the token, JSON, a command and a task', async () => {
    const cancelled: string[] = [];
    await using world = await serveMemory({
      commands: {
        async cancel(nativeId) {
          cancelled.push(nativeId);
          return { kind: 'sent' };
        },
        async retry() {
          return {
            kind: 'refused',
            problem: problem('not-allowed', 'degraded', 'the disk is full', 'empty it'),
          };
        },
      },
    });
    world.put('a', { offers: CANCEL });
    world.put('b', { offers: [{ command: 'retry', refusal: null }] });
    const url = `${world.server.url}/commands`;
    await eventually(async () =>
      expect((await post(url, bearer, { command: 'cancel', taskId: 'board/a' })).status).toBe(202),
    );
    expect(cancelled).toEqual(['a']);

    const refused = await post(url, bearer, { command: 'retry', taskId: 'board/b' });
    expect([refused.status, await refused.json()]).toEqual([409, { error: 'the disk is full (empty it)' }]);
    const task = { command: 'cancel', taskId: 'board/a' };
    expect((await post(url, json, task)).status).toBe(401);
    expect((await post(url, { ...json, authorization: 'Bearer guess' }, task)).status).toBe(401);
    expect((await post(url, { ...bearer, 'content-type': 'text/plain' }, task)).status).toBe(415);
    expect((await post(url, bearer, { ...task, command: 'explode' })).status).toBe(400);
    expect((await post(url, bearer, { ...task, command: 'setStatus' })).status).toBe(400);
    expect((await post(url, bearer, { ...task, command: 'answer' })).status).toBe(400);
    expect((await post(url, bearer, { ...task, argument: 'Blue' })).status).toBe(400);
    expect((await post(url, bearer, 'nonsense')).status).toBe(400);
    expect((await post(url, bearer, { ...task, taskId: 'board/z' })).status).toBe(404);
    expect((await post(url, bearer, { ...task, by: 'x'.repeat(20_000) })).status).toBe(413);
    expect(cancelled).toEqual(['a']);
  });

  it('is refused where nothing may be changed', async () => {
    await using world = await serveMemory({ readOnly: true });
    const response = await post(`${world.server.url}/commands`, bearer, {
      command: 'cancel',
      taskId: 'board/a',
    });
    expect(response.status).toBe(403);
  });
});

describe('the WebSocket', () => {
  it('tells of changes, removals and sessions in arrays of events', async () => {
    await using world = await serveMemory();
    world.put('a');
    const socket = new WebSocket(`${world.server.url.replace('http', 'ws')}/ws`, { headers: bearer });
    const events: { type: string; event: string; data: Record<string, unknown>; timestamp: number }[] = [];
    socket.on('message', (data) => events.push(...JSON.parse(String(data))));
    await once(socket, 'open');

    const session = { id: 's1', status: words`blocked`, updatedAt: 5, notes: words`needs a key` };
    world.put('a', { sessions: [session] });
    world.put('b');
    await eventually(() => expect(events.map(({ data }) => data.id ?? data.sessionId)).toContain('board/b'));
    expect(events.find(({ type }) => type === 'task:session_status')).toMatchObject({
      event: 'task:session_status',
      data: { taskId: 'board/a', nativeId: 'a', sessionId: 's1', status: 'blocked', notes: 'needs a key' },
      timestamp: expect.any(Number),
    });

    events.length = 0;
    world.put('a', { sessions: [session], attempts: 2 });
    world.memory.remove('b');
    await eventually(() =>
      expect(events.map(({ type, data }) => [type, data.id])).toEqual([
        ['task:updated', 'board/a'],
        ['task:removed', 'board/b'],
      ]),
    );
    socket.close();
  });

  it('ends a connection that talks instead of listening', async () => {
    await using world = await serveMemory();
    const socket = new WebSocket(`${world.server.url.replace('http', 'ws')}/ws`, { headers: bearer });
    await once(socket, 'open');
    socket.send('x'.repeat(10_000));
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });
});

describe('AG-UI', () => {
  it('shows every task to an AG-UI source, and takes its commands with the token', async () => {
    const cancelled: string[] = [];
    await using world = await serveMemory({
      isOpen: true,
      commands: {
        async cancel(nativeId) {
          cancelled.push(nativeId);
          return { kind: 'sent' };
        },
      },
    });
    world.put('a', { steps: [makeStep(0, { status: 'running', progress: 40 }), makeStep(1)] });
    world.put('b', { reportedProgress: 30 });
    const url = `${world.server.url}/agui`;
    const options = { id: sourceId('agui'), url, clock: systemClock };
    const source = createAguiSource({ ...options, token: TOKEN });
    const view = openView(source);
    const stranger = openView(createAguiSource(options));
    for (const either of [view, stranger]) {
      await either.live();
      await eventually(() => expect(Object.keys(either.statuses())).toHaveLength(2));
    }

    expect(view.task('board/a').steps).toMatchObject([
      { status: 'running', progress: 40 },
      { status: 'pending' },
    ]);
    expect(view.task('board/b').steps).toMatchObject([{ status: 'running', progress: 30 }]);
    expect(view.task('board/a').offers).toEqual(CANCEL);
    expect(stranger.task('board/a').offers[0]?.refusal).toMatch(/TASKGLASS_TOKEN/);

    expect(await source.commands.cancel?.('board/a', commandContext())).toEqual({
      kind: 'refused',
      problem: expect.anything(),
    });
    world.put('a', { offers: CANCEL });
    world.memory.remove('b');
    world.put('c', { state: { status: 'needs-input', reason: words`which disk?` } });
    await eventually(() => expect(view.statuses()).toEqual({ 'board/a': 'running', 'board/c': 'queued' }));
    expect(await source.commands.cancel?.('board/a', commandContext())).toEqual({ kind: 'sent' });
    expect(cancelled).toEqual(['a']);
    await view.close();
    await stranger.close();
  });
});

describe('a slow reader', () => {
  it('costs the server no memory, and is told the latest when it reads again', async () => {
    await using world = await serveMemory();
    const name = (round: number) => plainName(`${round} ${'x'.repeat(4_000)}`);
    for (let index = 0; index < 300; index += 1) world.put(`${index}`, { name: name(0) });
    const socket = connect(world.server.port, '127.0.0.1');
    socket.write(`GET /events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${authorization}\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();

    const options = { id: sourceId('quick'), url: world.server.url, clock: systemClock };
    const source = createAttachedSource({ ...options, token: TOKEN });
    const quick = openView(source);
    await quick.live();
    for (let round = 1; round <= 40; round += 1) {
      for (let index = 0; index < 300; index += 1) world.put(`${index}`, { name: name(round) });
      await eventually(() => expect(quick.task('board/299').name).toBe(name(round)));
    }
    let heard = 0;
    let last = '';
    socket.on('data', (data) => {
      heard += data.length;
      last = (last + String(data)).slice(-10_000);
    });
    socket.resume();
    await eventually(() => expect(last).toContain(`"name":"40 xxx`));
    expect(heard).toBeLessThan(20 * 1024 * 1024);
    socket.destroy();
    await quick.close();
  });
});

it('says good-bye to everyone and frees its port', async () => {
  const world = await serveMemory();
  const { port, url } = world.server;
  const stream = await fetch(`${url}/events`, { headers: bearer });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers: bearer });
  await once(socket, 'open');
  const ended = Promise.all([stream.text(), once(socket, 'close')]);
  await world[Symbol.asyncDispose]();
  expect((await ended)[1][0]).toBe(1001);
  await using next = await serveMemory({ port });
  expect(next.server.port).toBe(port);
});
