import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { DashboardState, TaskProgress } from '../../../src/model/dashboard-state.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createAguiSink } from '../../../src/publish/agui/sink.ts';
import { createAguiSource } from '../../../src/sources/agui/source.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';

const WORDS: Record<WorldStatus, TaskProgress['status']> = {
  queued: 'pending',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
};

/** A server whose state a test changes by hand, on a port that stays the same when it comes back. */
async function openServer() {
  let obeying = false;
  let tasks: TaskProgress[] = [];
  let at = Date.now();
  const sink = createAguiSink();
  sink.listen?.(({ command, taskId }) => {
    if (obeying) change(taskId, command === 'cancel' ? 'cancelled' : 'running');
    return tasks.some((task) => task.taskId === taskId);
  });
  const state = (): DashboardState => ({
    version: 1,
    timestamp: at,
    widgets: {},
    loading: { isLoading: false, loadingAgents: [] },
    errors: {},
    activeTasks: tasks,
  });
  const publish = () => {
    at += 1;
    sink.write(state());
  };
  function change(taskId: string, status: TaskProgress['status']) {
    tasks = tasks.map((task) => (task.taskId === taskId ? { ...task, status } : task));
    publish();
  }

  let server: Server = createServer(sink.handle);
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const close = () => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    return closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  publish();

  return {
    url: `http://127.0.0.1:${port}/agui`,
    async add({ name, status }: { name: string; status: WorldStatus }) {
      const taskId = `t${tasks.length + 1}`;
      tasks = [
        ...tasks,
        { taskId, taskName: name, status: WORDS[status], currentStep: 0, totalSteps: 0, steps: [] },
      ];
      publish();
      return taskId;
    },
    change: async (taskId: string, status: WorldStatus) => change(taskId, WORDS[status]),
    async remove(taskId: string) {
      tasks = tasks.filter((task) => task.taskId !== taskId);
      publish();
    },
    async breakDown() {
      await close();
    },
    async mend() {
      server = createServer(sink.handle);
      await listen(port);
    },
    async obey() {
      obeying = true;
    },
    async close() {
      sink.close?.();
      if (server.listening) await close();
    },
  };
}

describeSourceContract('agui', async () => {
  const server = await openServer();
  return {
    ...server,
    source: createAguiSource({ id: sourceId('agui'), url: server.url, clock: hurriedClock }),
  };
});

describe('a sink', () => {
  it('takes commands only as JSON, for tasks it knows, with the token where there is one', async () => {
    const sink = createAguiSink({ token: 's3cret' });
    sink.listen?.(({ taskId }) => taskId === 'a');
    const server = createServer(sink.handle);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const json = { 'content-type': 'application/json', authorization: 'Bearer s3cret' };
    const post = async (headers: Record<string, string>, body: string) =>
      (await fetch(url, { method: 'POST', headers, body })).status;

    expect(await post(json, '{"command":"cancel","taskId":"a"}')).toBe(202);
    expect(await post(json, '{"command":"cancel","taskId":"b"}')).toBe(404);
    expect(await post(json, '{"command":"explode","taskId":"a"}')).toBe(400);
    expect(await post(json, 'nonsense')).toBe(400);
    expect(await post(json, JSON.stringify({ command: 'cancel', taskId: 'x'.repeat(20_000) }))).toBe(413);
    expect(await post({ ...json, 'content-type': 'text/plain' }, '{"command":"cancel","taskId":"a"}')).toBe(
      415,
    );
    expect(await post({ 'content-type': 'application/json' }, '{"command":"cancel","taskId":"a"}')).toBe(401);
    sink.close?.();
    server.close();
  });

  it('takes a command that a body parser has read before it', async () => {
    const sink = createAguiSink();
    const obeyed: string[] = [];
    sink.listen?.(({ taskId }) => obeyed.push(taskId) > 0);
    const server = createServer(async (request, response) => {
      const body = await json(request);
      sink.handle(Object.assign(request, { body }), response);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { status } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"command":"cancel","taskId":"a"}',
    });
    expect([status, obeyed]).toEqual([202, ['a']]);
    await new Promise((done) => server.close(done));
  });

  it('accepts nobody again once it is closed, so that its server can end', async () => {
    const sink = createAguiSink();
    const obeyed: string[] = [];
    sink.listen?.(({ taskId }) => obeyed.push(taskId) > 0);
    const server = createServer(sink.handle);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const stream = await fetch(url);
    sink.close();
    await stream.text();
    expect((await fetch(url)).status).toBe(503);
    const body = '{"command":"cancel","taskId":"a"}';
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(503);
    expect(obeyed).toEqual([]);
    await new Promise((done) => server.close(done));
  });
});
