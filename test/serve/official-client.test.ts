import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BaseEvent, HttpAgent } from '@ag-ui/client';
import { EventType } from '@ag-ui/core';
import { EventSchema } from '@ag-ui/core/schemas';
import { EventEncoder } from '@ag-ui/encoder';
import { describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { words } from '../../src/model/text.ts';
import { createAguiSink } from '../../src/publish/agui/sink.ts';
import { DashboardStateEmitter } from '../../src/publish/dashboard-state/emitter.ts';
import { createAguiSource } from '../../src/sources/agui/source.ts';
import { openEventServer } from '../helpers/event-server.ts';
import { eventually } from '../helpers/eventually.ts';
import { serveMemory, TOKEN } from '../helpers/task-server.ts';
import { openView } from '../sources/source-contract.ts';

/** One run of the protocol's own client: what it understood, until the run is over. */
function runOf(url: string, options: { fetch?: typeof fetch; headers?: Record<string, string> } = {}) {
  const agent = new HttpAgent({ url, ...options });
  const events: BaseEvent[] = [];
  const done = agent.runAgent({}, { onEvent: ({ event }) => void events.push(event) }).then(
    () => 'finished',
    (error: Error) => error.message,
  );
  return {
    events,
    done,
    types: () => events.map(({ type }) => type),
    tasks: () =>
      ((agent.state as { activeTasks?: { taskName: string; status: string }[] }).activeTasks ?? []).map(
        ({ taskName, status }) => [taskName, status],
      ),
    abort: () => agent.abortRun(),
  };
}

async function openWorker() {
  const sink = createAguiSink();
  const emitter = new DashboardStateEmitter({ sinks: [sink] });
  const server = createServer(sink.handle);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    sink,
    emitter,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      sink.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

describe('the official client at an emitter', () => {
  it('sees a run from its start to the end of the work', async () => {
    await using worker = await openWorker();
    const run = runOf(worker.url);
    worker.emitter.startTask('a', 'Hash the archive', ['read', 'hash']);
    await eventually(() => expect(run.tasks()).toEqual([['Hash the archive', 'running']]));
    worker.emitter.updateTaskStep('a', 0, 'running', 40);
    worker.emitter.completeTask('a');
    expect(await run.done).toBe('finished');
    expect(run.tasks()).toEqual([['Hash the archive', 'completed']]);
    expect(run.types().slice(0, 2)).toEqual(['RUN_STARTED', 'STATE_SNAPSHOT']);
    expect(run.types().at(-1)).toBe('RUN_FINISHED');
    for (const event of run.events) EventSchema.parse(event);
  });

  it('is told of an error where something failed, but not of what had failed before', async () => {
    await using worker = await openWorker();
    worker.emitter.startTask('old', 'Long ago', []);
    worker.emitter.failTask('old', 'no paper');
    expect(await runOf(worker.url).done).toBe('finished');
    worker.emitter.startTask('a', 'Hash the archive', []);
    const run = runOf(worker.url);
    await eventually(() => expect(run.tasks()).toHaveLength(2));
    worker.emitter.failTask('a', 'disk full');
    await run.done;
    expect(run.events.at(-1)).toMatchObject({ type: 'RUN_ERROR', message: 'Hash the archive: disk full' });
  });

  it('sees two tasks of which one follows the other as one run', async () => {
    await using worker = await openWorker();
    worker.emitter.startTask('a', 'First', []);
    const run = runOf(worker.url);
    await eventually(() => expect(run.tasks()).toHaveLength(1));
    worker.emitter.completeTask('a');
    worker.emitter.startTask('b', 'Second', []);
    await eventually(() => expect(run.tasks()).toHaveLength(2));
    worker.emitter.completeTask('b');
    expect(await run.done).toBe('finished');
  });

  it('is told that the server ends', async () => {
    await using worker = await openWorker();
    worker.emitter.startTask('a', 'First', []);
    const run = runOf(worker.url);
    await eventually(() => expect(run.tasks()).toHaveLength(1));
    worker.sink.close();
    await run.done;
    expect(run.events.at(-1)).toMatchObject({ type: 'RUN_ERROR', message: 'the server is shutting down' });
  });

  it('can also listen by a GET, for as long as it likes', async () => {
    await using worker = await openWorker();
    worker.emitter.startTask('a', 'First', []);
    const run = runOf(worker.url, { fetch: (url, init) => fetch(url, { signal: init?.signal ?? null }) });
    await eventually(() => expect(run.tasks()).toEqual([['First', 'running']]));
    worker.emitter.completeTask('a');
    await eventually(() => expect(run.tasks()).toEqual([['First', 'completed']]));
    run.abort();
    await run.done;
  });

  it('keeps nothing open after it went away in the middle of a run', async () => {
    await using worker = await openWorker();
    worker.emitter.startTask('a', 'First', []);
    const run = runOf(worker.url);
    await eventually(() => expect(run.tasks()).toHaveLength(1));
    run.abort();
    await run.done;
    worker.emitter.completeTask('a');
    expect(await runOf(worker.url).done).toBe('finished');
  });
});

describe('the official client at taskglass serve', () => {
  const headers = { authorization: `Bearer ${TOKEN}` };

  it('sees what is under way, to its end', async () => {
    await using world = await serveMemory();
    world.put('idle', { state: { status: 'queued', reason: null } });
    world.put('a', { name: words`Pack the box` });
    world.memory.live();
    await eventually(() =>
      expect(world.monitor.getState().sources.get(sourceId('board'))?.tasks.size).toBe(2),
    );
    const run = runOf(`${world.server.url}/agui`, { headers });
    await eventually(() => expect(run.tasks()).toContainEqual(['Pack the box', 'running']));
    world.put('a', {
      name: words`Pack the box`,
      state: { status: 'completed', endedAt: 5, result: null },
    });
    expect(await run.done).toBe('finished');
    expect(run.tasks()).toContainEqual(['Pack the box', 'completed']);
    expect(run.types()).toEqual(['RUN_STARTED', 'STATE_SNAPSHOT', 'STATE_DELTA', 'RUN_FINISHED']);
  });

  it('is told what failed', async () => {
    await using world = await serveMemory();
    world.put('a', { name: words`Pack the box` });
    world.memory.live();
    const run = runOf(`${world.server.url}/agui`, { headers });
    await eventually(() => expect(run.tasks()).toHaveLength(1));
    const state = { status: 'failed', endedAt: 5, error: words`no tape` } as const;
    world.put('a', { name: words`Pack the box`, state });
    await run.done;
    expect(run.events.at(-1)).toMatchObject({ type: 'RUN_ERROR', message: 'Pack the box: no tape' });
  });

  it('leaves commands at the same address as they were', async () => {
    await using world = await serveMemory({ commands: { cancel: async () => ({ kind: 'sent' }) } });
    world.put('a', { offers: [{ command: 'cancel', refusal: null }] });
    world.memory.live();
    await eventually(() =>
      expect(world.monitor.getState().sources.get(sourceId('board'))?.tasks.size).toBe(1),
    );
    const post = async (body: unknown, type = 'application/json') =>
      (
        await fetch(`${world.server.url}/agui`, {
          method: 'POST',
          headers: { ...headers, 'content-type': type },
          body: JSON.stringify(body),
        })
      ).status;
    expect(await post({ command: 'cancel', taskId: 'board/a' })).toBe(202);
    expect(await post({ command: 'cancel', taskId: 'board/a' }, 'Application/JSON; charset=utf-8')).toBe(202);
    expect(await post({ command: 'dance', taskId: 'board/a' })).toBe(400);
    expect(await post({ command: 'cancel', taskId: 'x'.repeat(20_000) })).toBe(413);
    expect(await post({ threadId: 't', runId: 'r', messages: [] }, 'text/plain')).toBe(415);
  });
});

describe('what is served as a stream', () => {
  it('asks proxies not to gather it', async () => {
    await using worker = await openWorker();
    await using world = await serveMemory();
    const streams = [worker.url, `${world.server.url}/agui`, `${world.server.url}/events`];
    for (const url of streams) {
      const { headers: answered, body } = await fetch(url, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      expect([url, answered.get('x-accel-buffering')]).toEqual([url, 'no']);
      await body?.cancel();
    }
  });

  it('has a comment each 15 seconds, that a proxy keeps it open', async () => {
    const clock = createFakeClock();
    const sink = createAguiSink({ clock });
    const server = createServer(sink.handle);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    clock.advance(15_000);
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(':\n\n');
    await reader.cancel();
    sink.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});

describe('a server with the official encoder', () => {
  it('is read by agui: and agui+run:', async () => {
    const encoder = new EventEncoder();
    const events: BaseEvent[] = [
      { type: EventType.RUN_STARTED, threadId: 'th', runId: 'r2' },
      { type: EventType.STATE_SNAPSHOT, snapshot: { plan: ['fetch', 'build'], current: 0 } },
      { type: EventType.STEP_STARTED, stepName: 'fetch' },
      { type: EventType.STEP_FINISHED, stepName: 'fetch' },
      { type: EventType.TOOL_CALL_START, toolCallId: 'c1', toolCallName: 'search' },
      { type: EventType.TOOL_CALL_ARGS, toolCallId: 'c1', delta: '{"q":1}' },
      { type: EventType.TOOL_CALL_END, toolCallId: 'c1' },
      {
        type: EventType.ACTIVITY_SNAPSHOT,
        messageId: 'a1',
        activityType: 'PLAN',
        content: { steps: [{ title: 'x', status: 'running' }] },
      },
      { type: EventType.TEXT_MESSAGE_START, messageId: 'm2', role: 'assistant' },
      { type: EventType.TEXT_MESSAGE_CONTENT, messageId: 'm2', delta: 'hello' },
      { type: EventType.TEXT_MESSAGE_END, messageId: 'm2' },
      { type: EventType.RUN_FINISHED, threadId: 'th', runId: 'r2' },
    ];
    await using server = await openEventServer(({ request, response, say, open }) => {
      if (request.url === '/post' && request.method !== 'POST') return void response.writeHead(405).end();
      open({ 'content-type': encoder.getContentType() });
      for (const event of events) say(encoder.encode(event));
      response.end();
    });
    for (const run of [undefined, { message: null }]) {
      const url = `${server.url}${run ? 'post' : ''}`;
      const view = openView(
        createAguiSource({ id: sourceId('agui'), url, clock: systemClock, ...(run && { run }) }),
      );
      await eventually(() => expect(view.statuses()).toEqual({ r2: 'completed' }));
      expect(view.task('r2')).toMatchObject({
        state: { result: 'hello' },
        steps: [{ name: 'fetch', status: 'completed' }],
      });
      await view.close();
    }
    expect(server.asked.map(({ request }) => request.method)).toEqual(['GET', 'POST']);
  });
});
