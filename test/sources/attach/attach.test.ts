import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../../src/clock.ts';
import { sourceId, taskId } from '../../../src/model/id.ts';
import { problem } from '../../../src/model/problem.ts';
import { words } from '../../../src/model/text.ts';
import { decodeAttachedLine } from '../../../src/sources/attach/format.ts';
import { createAttachedSource } from '../../../src/sources/attach/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { openGate } from '../../helpers/gate.ts';
import { makeStep, makeTask } from '../../helpers/task.ts';
import { serveMemory, TOKEN } from '../../helpers/task-server.ts';
import { commandContext, openView, type View } from '../source-contract.ts';

const HERE = sourceId('server');
const BEARER = { authorization: `Bearer ${TOKEN}` };

function attach(url: string, token: string | null = TOKEN) {
  return createAttachedSource({ id: HERE, url, clock: systemClock, ...(token !== null && { token }) });
}

async function viewOf(url: string, token: string | null = TOKEN): Promise<View> {
  const view = openView(attach(url, token));
  await view.live();
  return view;
}

describe('what comes over', () => {
  it('is everything that there is of a task', async () => {
    const updatedAt = Date.now() - 90_000;
    const whole = makeTask('a', {
      source: sourceId('board'),
      name: words`Pack the box`,
      state: { status: 'waiting', reason: words`no tape` },
      steps: [
        makeStep(0, { status: 'completed', progress: 100, startedAt: 5, endedAt: 9, weight: 3 }),
        makeStep(1, { status: 'skipped', progress: 100 }),
        makeStep(2, { status: 'running', progress: 12.5 }),
      ],
      totalSteps: 7,
      reportedEndAt: 2_000_000_000_000,
      startedAt: 4,
      updatedAt,
      attempts: 3,
      priority: 2,
      dependencies: [taskId(sourceId('board'), 'b')],
      waitsFor: [taskId(sourceId('board'), 'b')],
      blockedBy: [taskId(sourceId('board'), 'b')],
      retryOf: taskId(sourceId('board'), 'y'),
      retriedAs: taskId(sourceId('board'), 'z'),
      userStatus: words`inprogress`,
      host: words`build-7`,
      cwd: words`/srv/box`,
      url: words`https://ci.example/runs/7`,
      question: {
        text: words`which tape?`,
        choices: [words`brown`, words`clear`],
        askedAt: 7,
      },
      lastLine: words`looking for tape`,
      review: true,
      notes: [{ at: 6, text: words`two\nlines` }],
      sessions: [
        {
          id: 's1',
          name: words`Packer`,
          status: words`blocked`,
          meaning: 'waiting',
          updatedAt: 8,
          notes: words`tape?`,
        },
        { id: 's2', status: words`idle`, updatedAt: null, notes: null },
      ],
      labels: { module: words`shipping` },
      offers: [
        { command: 'cancel', refusal: words`owned by root` },
        {
          command: 'setStatus',
          refusal: null,
          choices: [words`todo`, words`completed`],
          asksBack: [words`completed`],
        },
      ],
      raw: { id: 'a', box: [1, 2] },
    });
    await using world = await serveMemory();
    world.memory.put(whole);
    world.memory.live();
    const view = await viewOf(world.server.url, TOKEN);
    await eventually(() => expect(view.statuses()).toEqual({ 'board/a': 'waiting' }));
    const { id, source, revision: _, reportedProgress: __, watched, via, ...task } = view.task('board/a');
    const { reportedProgress: ___, revision: ____, ...sent } = whole;
    expect([id, source]).toEqual(['server/board/a', 'server']);
    expect(task).toEqual({
      ...sent,
      nativeId: 'board/a',
      id: undefined,
      source: undefined,
      dependencies: ['server/board/b'],
      waitsFor: ['server/board/b'],
      blockedBy: ['server/board/b'],
      retryOf: 'server/board/y',
      retriedAs: 'server/board/z',
      labels: { source: 'board', module: 'shipping' },
    });
    expect(watched).toEqual({ lastNewsAt: updatedAt, usualGapMs: null });
    expect(via).toEqual([expect.any(String)]);
    await view.close();
  });

  it('is stalled if it is stalled there', async () => {
    await using world = await serveMemory();
    const updatedAt = Date.now() - 600_000;
    world.put('silent', { updatedAt });
    world.memory.live();
    const view = await viewOf(world.server.url);
    await eventually(() => expect(view.statuses()).toEqual({ 'board/silent': 'running' }));
    const entry = [...view.record().tasks.values()][0];
    expect(entry?.lastNewsAt).toBe(updatedAt);
    await view.close();
  });

  it('reports its sources as a pool reports its relays', async () => {
    await using world = await serveMemory();
    const view = await viewOf(world.server.url);
    world.memory.fail(problem('unreadable', 'down', 'board.json: no permission', 'ask its owner'));
    await eventually(() =>
      expect(view.record().peers).toMatchObject([
        {
          where: 'board',
          status: 'down',
          problem: { severity: 'down', message: 'board.json: no permission', hint: 'ask its owner' },
        },
      ]),
    );
    expect(view.record().status).toBe('live');
    world.memory.live();
    await eventually(() => expect(view.record().peers).toMatchObject([{ status: 'live', problem: null }]));
    await view.close();
  });

  it('reports silence, and no longer knows its sources, if nothing comes for long', async () => {
    await using world = await serveMemory();
    world.put('a');
    world.memory.live();
    const gate = await openGate(world.server.port);
    const clock = createFakeClock(Date.now());
    const url = `http://127.0.0.1:${gate.port}`;
    const view = openView(createAttachedSource({ id: HERE, url, clock, token: TOKEN }));
    await view.live();
    await eventually(() => expect(view.record().peers).toMatchObject([{ status: 'live' }]));
    gate.freeze();
    clock.advance(46_000);
    await eventually(() =>
      expect(view.record().problem?.message).toBe(`${url}/events has been silent for 45 s`),
    );
    expect(view.record().peers).toMatchObject([{ where: 'board', status: 'connecting' }]);
    expect(view.statuses()).toEqual({ 'board/a': 'running' });
    await view.close();
    await gate[Symbol.asyncDispose]();
  });

  it('comes in parts if it is large', async () => {
    await using world = await serveMemory();
    for (let index = 0; index < 1_203; index += 1) world.put(`${index}`);
    const view = openView(attach(world.server.url));
    await eventually(() => expect(Object.keys(view.statuses())).toHaveLength(1_203));
    await view.close();
  });

  it('comes in parts that any listener accepts, however large its tasks', async () => {
    await using world = await serveMemory();
    const result = words`${words`x`.repeat(60_000)}`;
    const notes = Array.from({ length: 3 }, () => ({ at: null, text: result }));
    for (let index = 0; index < 60; index += 1)
      world.put(`${index}`, { state: { status: 'completed', endedAt: 1, result }, notes });
    const view = openView(attach(world.server.url));
    await eventually(() => expect(Object.keys(view.statuses())).toHaveLength(60));
    const leave = new AbortController();
    const stream = await fetch(`${world.server.url}/events`, { signal: leave.signal, headers: BEARER });
    let text = '';
    for await (const piece of (stream.body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    )) {
      text += piece;
      if (text.includes('"isLast":true')) break;
    }
    const events = text.split('\n\n').map((event) => event.length);
    expect(events.length).toBeGreaterThan(3);
    expect(Math.max(...events)).toBeLessThan(5_000_000);
    leave.abort();
    await view.close();
  });

  it('passes through two servers, one attached to the other', async () => {
    await using far = await serveMemory();
    far.put('a');
    const middle = attach(far.server.url);
    const { createMonitor } = await import('../../../src/monitor.ts');
    const { createTaskServer } = await import('../../../src/serve/create-server.ts');
    const monitor = createMonitor({ sources: [middle], clock: systemClock });
    const server = await createTaskServer({
      monitor,
      clock: systemClock,
      port: 0,
      token: TOKEN,
      isOpen: false,
      readOnly: false,
      isListed: () => true,
      sort: 'name',
      stallAfterMs: 30_000,
    });
    const view = await viewOf(server.url);
    await eventually(() => expect(view.statuses()).toEqual({ 'server/board/a': 'running' }));
    await view.close();
    await server.close();
    await monitor.close();
  });
});

describe('commands', () => {
  const CANCEL = [{ command: 'cancel', refusal: null }] as const;

  it('are greyed out, with the reason, if the server would not accept them', async () => {
    for (const [readOnly, brought, why] of [
      [false, TOKEN, null],
      [false, null, "needs the server's token (TASKGLASS_TOKEN_FILE)"],
      [false, 'guess', "needs the server's token (TASKGLASS_TOKEN_FILE)"],
      [true, TOKEN, 'the server is read-only'],
    ] as const) {
      await using world = await serveMemory({ readOnly, isOpen: true });
      world.put('a', { offers: CANCEL });
      const view = await viewOf(world.server.url, brought);
      await eventually(() =>
        expect(view.task('board/a').offers).toEqual([{ command: 'cancel', refusal: why }]),
      );
      await view.close();
    }
  });

  it('bring the status to set, and the exact id that the task has there', async () => {
    const asked: unknown[] = [];
    await using world = await serveMemory({
      commands: {
        async setStatus(nativeId, { argument }) {
          asked.push(nativeId, argument);
          return { kind: 'sent' };
        },
      },
    });
    world.put('odd  id', { offers: [{ command: 'setStatus', refusal: null }] });
    const source = attach(world.server.url, TOKEN);
    const view = openView(source);
    await eventually(() => expect(view.statuses()).toEqual({ 'board/odd id': 'running' }));
    const context = { ...commandContext(), argument: 'completed' };
    expect(await source.commands.setStatus?.('board/odd id', context)).toEqual({ kind: 'sent' });
    expect(asked).toEqual(['odd  id', 'completed']);
    await view.close();
  });
});

/** A server that says what a test wants it to, as server-sent events. */
async function openLiar() {
  const streams = new Set<ServerResponse>();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    streams.add(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    streams,
    say(line: unknown) {
      for (const stream of streams) stream.write(`data: ${JSON.stringify(line)}\n\n`);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const EMPTY = { type: 'snapshot', version: 1, part: 0, isLast: true, sources: [], tasks: [] };

describe('a server that is not one', () => {
  it.each([
    ['a part out of order', [{ ...EMPTY, part: 3 }], /a part of its snapshot is missing/],
    ['a newer version', [{ ...EMPTY, version: 2 }], /newer taskglass/],
    ['something else', [{ tasks: 'all' }], /not from taskglass/],
  ])('that sends %s is a clear problem', async (_what, lines, words) => {
    await using liar = await openLiar();
    const view = openView(attach(liar.url));
    await eventually(() => expect(liar.streams.size).toBe(1));
    for (const line of lines) liar.say(line);
    await eventually(() => expect(view.record().problem?.message).toMatch(words));
    await view.close();
  });

  it('cannot fill the memory with an event that does not end, be it of empty lines', async () => {
    const lines = Buffer.from('data:\n'.repeat(1_000_000));
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = () => {
        while (response.write(lines));
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const view = openView(attach(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    await eventually(() => expect(view.record().problem?.message).toMatch(/larger than 8 MiB/));
    await view.close();
    server.closeAllConnections();
    server.close();
  }, 30_000);

  it('is not there at all, or breaks off: reported in words', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"type":"sna', () => response.destroy());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const view = openView(attach(url));
    const said = () => view.record().problem?.message;
    await eventually(() => expect(said()).toBe(`${url}/events: the connection was lost`));
    server.close();
    await eventually(() => expect(said()).toBe(`${url}/events: nothing is listening there`));
    await view.close();
  });

  it('leaves out tasks that cannot be read, and says how many', async () => {
    await using liar = await openLiar();
    const view = openView(attach(liar.url));
    await eventually(() => expect(liar.streams.size).toBe(1));
    liar.say({
      ...EMPTY,
      tasks: [null, { id: 5 }, { id: 'ok', name: 'Fine\u001b[2J', status: 'dancing', steps: 'none' }],
    });
    await eventually(() => expect(view.statuses()).toEqual({ ok: 'queued' }));
    expect(view.task('ok')).toMatchObject({ name: 'Fine', state: { reason: 'dancing' }, steps: [] });
    expect(view.record().problem?.message).toBe("2 of the server's tasks could not be read");
    liar.say({ type: 'confetti' });
    liar.say({ type: 'removed', id: 'ok' });
    await eventually(() => expect(view.statuses()).toEqual({}));
    await view.close();
  });

  it('cannot fill the memory with sources', async () => {
    await using liar = await openLiar();
    const view = openView(attach(liar.url));
    await eventually(() => expect(liar.streams.size).toBe(1));
    liar.say({ ...EMPTY, sources: Array.from({ length: 900 }, (_, index) => ({ id: `${index}` })) });
    for (let index = 900; index < 1_200; index += 1) liar.say({ type: 'source', source: { id: `${index}` } });
    liar.say({ type: 'task', task: { id: 'after all that' } });
    await eventually(() => expect(view.statuses()).toEqual({ 'after all that': 'queued' }));
    expect(view.record().peers).toHaveLength(1_000);
    await view.close();
  });

  it('cannot fill the memory with tasks: the largest lose their documents, then no more are kept', async () => {
    await using liar = await openLiar();
    const view = openView(attach(liar.url));
    await eventually(() => expect(liar.streams.size).toBe(1));
    liar.say(EMPTY);
    const large = (id: number) => ({
      id: `${id}`,
      notes: [{ at: null, text: 'n'.repeat(60_000) }],
      raw: 'r'.repeat(100_000),
    });
    for (let id = 0; id < 300; id += 1) liar.say({ type: 'task', task: large(id) });
    await eventually(() => expect(view.record().problem?.message).toMatch(/more tasks than can be kept/));
    const kept = [...view.record().tasks.values()].map(({ task }) => task);
    expect(kept.length).toBeLessThan(300);
    expect(JSON.stringify(kept).length).toBeLessThan(26 * 1024 * 1024);
    expect(kept.at(-1)?.raw).toBeNull();
    liar.say({ ...EMPTY, tasks: [{ id: 'small' }] });
    await eventually(() => expect(view.statuses()).toEqual({ small: 'queued' }));
    await view.close();
  });

  it('skips foreign and damaged lines, on one connection', async () => {
    await using liar = await openLiar();
    const view = openView(attach(liar.url));
    await eventually(() => expect(liar.streams.size).toBe(1));
    liar.say(EMPTY);
    for (const stream of liar.streams) stream.write('event: ping\ndata: now\n\ndata: [DONE]\n\ndata:\n\n');
    liar.say({ type: 'task', task: { name: 'no id' } });
    liar.say({ type: 'task', task: { id: 'after' } });
    await eventually(() => expect(view.statuses()).toEqual({ after: 'queued' }));
    expect(view.record().problem?.message).toMatch(/a line of it could not be read/);
    expect(liar.streams.size).toBe(1);
    await view.close();
  });

  it('reports the relays of a source over there, but not a problem that goes round in a circle', async () => {
    await using liar = await openLiar();
    const view = openView(attach(liar.url));
    await eventually(() => expect(liar.streams.size).toBe(1));
    const peers = [{ where: 'x', problem: { message: 'far away' } }];
    const sources = ['nostr', 'agui'].map((kind) => ({ id: kind, kind, status: 'live', peers }));
    liar.say({ ...EMPTY, sources });
    await eventually(() =>
      expect(view.record().peers).toMatchObject([
        { where: 'nostr', problem: { message: 'far away' } },
        { where: 'agui', problem: null },
      ]),
    );
    await view.close();
  });

  it('that redirects a command has not accepted it', async () => {
    const server = createServer((request, response) => {
      response.writeHead(request.method === 'POST' ? 302 : 200, { location: '/login' }).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const source = attach(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, TOKEN);
    expect(await source.commands.cancel?.('a', commandContext())).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringContaining('302') },
    });
    server.closeAllConnections();
    server.close();
  });

  it('never crashes the reader, whatever it sends', () => {
    const word = fc.constantFrom('snapshot', 'task', 'removed', 'source', 'x');
    const line = fc.record({
      type: word,
      version: fc.constantFrom(1, 2),
      part: fc.nat(3),
      isLast: fc.boolean(),
      sources: fc.jsonValue(),
      tasks: fc.jsonValue(),
      task: fc.jsonValue(),
      source: fc.jsonValue(),
      id: fc.jsonValue(),
    });
    fc.assert(fc.property(line, (said) => void decodeAttachedLine(JSON.stringify(said))));
    fc.assert(fc.property(fc.string(), (said) => void decodeAttachedLine(said)));
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const read = decodeAttachedLine(`{"type":"task","task":{"id":"a","raw":${deep}}}`);
    expect(read).toMatchObject({ type: 'task', task: { raw: null } });
  });
});

it('shows no secret of an address', () => {
  const source = attach('https://glass.example/team/?token=hush#x');
  expect(source.location).toBe('https://glass.example/team/');
});
