import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import type { LogLine, OpenedLog } from '../../src/model/log.ts';
import { createMonitor, type Monitor } from '../../src/monitor.ts';
import { DashboardStateEmitter } from '../../src/publish/dashboard-state/emitter.ts';
import { createTaskServer, type TaskServer } from '../../src/serve/create-server.ts';
import { createAttachedSource } from '../../src/sources/attach/source.ts';
import { createDashboardStateSource } from '../../src/sources/dashboard-state/source.ts';
import { allEntries } from '../../src/store/state.ts';
import { eventually } from '../helpers/eventually.ts';
import { TOKEN } from '../helpers/task-server.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const clock = systemClock;

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let emitter: DashboardStateEmitter;
let monitor: Monitor;
let server: TaskServer;
let id: string;
beforeEach(async () => {
  folder = await temporaryDirectory();
  const file = folder.file('state.json');
  emitter = new DashboardStateEmitter({ file });
  emitter.startTask('build', 'Build');
  await say('one\n\u001b[31mtwo\u001b[0m\n');
  await emitter.flush();
  monitor = createMonitor({
    sources: [createDashboardStateSource({ id: sourceId('s'), path: file, clock })],
    clock,
  });
  id = await firstTask(monitor);
  server = await createTaskServer({
    ...{ monitor, clock, port: 0, token: TOKEN, isOpen: true, readOnly: false },
    ...{ isListed: () => true, sort: 'urgency', stallAfterMs: 30_000 },
  });
});
afterEach(async () => {
  await server.close();
  await monitor.close();
  await emitter.close();
  await folder[Symbol.asyncDispose]();
});

async function say(output: string): Promise<void> {
  emitter.output?.write('build', Buffer.from(output), 'terminal');
  await emitter.output?.settle('build');
}

function firstTask(of: Monitor): Promise<string> {
  return eventually(() => {
    const [entry] = allEntries(of.getState());
    expect(entry).toBeDefined();
    return entry?.task.id ?? '';
  });
}

async function ask(query: string, token: string | null = TOKEN) {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${server.url}/log${query}`, { headers });
  return { status: response.status, text: await response.text() };
}

async function textsOf(opened: OpenedLog): Promise<string[]> {
  const lines: LogLine[] = [];
  if (opened.kind === 'opened') for await (const batch of opened.lines) lines.push(...batch);
  return lines.map(({ text }) => text);
}

describe('GET /log', () => {
  it('answers with a line of JSON for each line', async () => {
    const { status, text } = await ask(`?task=${encodeURIComponent(id)}&tail=1`);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      at: expect.any(Number),
      stream: 'terminal',
      text: '\u001b[31mtwo\u001b[0m',
    });
  });

  it('is for those with the token, also where reading is open', async () => {
    for (const token of [null, 'wrong'])
      expect(await ask(`?task=${id}`, token)).toMatchObject({ status: 401 });
  });

  it.each([
    ['', 400],
    ['?task=', 400],
    ['?task=x&tail=-1', 400],
    ['?task=x&since=soon', 400],
    ['?task=x', 404],
  ])('refuses %s with %i', async (query, status) => {
    expect(await ask(query)).toMatchObject({ status, text: expect.stringMatching(/^\{"error":"/u) });
  });
});

describe('an attached view', () => {
  let attached: Monitor;
  afterEach(() => attached.close());
  function attach(token: string): Monitor {
    const source = createAttachedSource({ id: sourceId('there'), url: server.url, clock, token });
    attached = createMonitor({ sources: [source], clock });
    return attached;
  }

  it('reads the log over there, and follows it until the task has ended', async () => {
    const there = await firstTask(attach(TOKEN));
    const { signal } = new AbortController();
    expect(await textsOf(await attached.log(there as never, { signal, tail: 1 }))).toEqual([
      '\u001b[31mtwo\u001b[0m',
    ]);
    const following = attached.log(there as never, { signal, follow: true }).then(textsOf);
    await say('three\n');
    emitter.completeTask('build');
    expect(await following).toEqual(['one', '\u001b[31mtwo\u001b[0m', 'three']);
  });

  it('says why there is none', async () => {
    const there = await firstTask(attach('wrong'));
    const { signal } = new AbortController();
    expect(await attached.log(there as never, { signal })).toMatchObject({
      kind: 'none',
      problem: { kind: 'refused', message: expect.stringMatching(/does not accept the token/u) },
    });
  });
});
