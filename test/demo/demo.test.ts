import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NostrEvent } from 'nostr-tools/pure';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type Demo, startDemo } from '../../src/demo/start.ts';
import { encodeCancellation, encodeRetry } from '../../src/nostr/nip90/encode.ts';
import { sendCommandFile } from '../../src/publish/dashboard-state/command-file.ts';
import { rewriteBreakdown } from '../../src/sources/task-breakdown/rewrite.ts';
import { eventually } from '../helpers/eventually.ts';
import { isAlive } from '../helpers/processes.ts';
import { connectRaw, type RawClient } from '../relay/raw-client.ts';

let parent: string;
let demo: Demo;
let watcher: RawClient;

beforeEach(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'demo-test-')));
});
afterEach(() => rm(parent, { recursive: true }));

describe('while it runs', () => {
  beforeEach(async () => {
    demo = await startDemo({ clock: systemClock, isEndless: false, directory: parent });
    watcher = await connectRaw(demo.relayUrl);
    watcher.send('REQ', 'all', {});
  });
  afterEach(async () => {
    await demo.stop();
    expect(await readdir(parent)).toEqual([]);
    expect(demo.workers.filter(({ pid }) => isAlive(pid ?? 0))).toEqual([]);
  });

  test('jobs: one fails and succeeds on retry, one is cancelled, one waits for another', async () => {
    const check = await requestOf('Check the archive block by block');
    const sort = await requestOf('Sort 5 million numbers');
    const pack = await requestOf('Pack what was hashed');
    await eventually(() => expect(states(sort)).toContain('processing'));
    await eventually(() => expect(states(pack)).toEqual(['waiting']));
    await publish(encodeCancellation(sort, Date.now()));
    await eventually(() => expect(states(sort).at(-1)).toBe('cancelled'));

    await eventually(() => expect(states(check).at(-1)).toBe('failed'));
    expect(feedbackOn(check).at(-1)?.content).toMatch(/^block 33 of 56: checksum [0-9a-f]{8} instead of /);
    const retry = await publish(encodeRetry(check, Date.now()));
    await eventually(() => expect(states(retry).at(-1)).toBe('completed'));
    expect(resultOf(retry)?.content).toBe('56 blocks are sound');
    expect(states(sort).at(-1)).toBe('cancelled');
    expect(
      feedbackOn(retry).flatMap(({ tags }) => tags.filter(([name]) => name === 'eta')).length,
    ).toBeGreaterThan(0);
  }, 40_000);

  test('the state file: cancel stops a task, retry does it again', async () => {
    const taskId = 'build-the-site-1';
    await eventually(async () => expect((await task(taskId)).steps[0].progress).toBeGreaterThan(0));
    await command('cancel', taskId);
    await eventually(async () => expect((await task(taskId)).status).toBe('cancelled'));
    expect((await task(taskId)).steps[0]).toEqual({ index: 0, name: 'Fetch the pages', status: 'pending' });
    await command('retry', taskId);
    await eventually(async () => expect((await task(taskId)).status).toBe('running'));
    await eventually(async () => expect((await task(taskId)).steps[0].status).toBe('completed'));
  }, 40_000);

  test('the task breakdown: a task that is ended in the file is dropped, and done again when it is pending', async () => {
    await eventually(async () => expect((await planned('T1')).status).toBe('in_progress'));
    await setPlanned('T1', { status: 'failed', result: 'Cancelled' });
    expect(await planned('T1')).toMatchObject({ status: 'failed', result: 'Cancelled', attempts: 1 });
    await setPlanned('T1', { status: 'pending' });
    await eventually(async () =>
      expect(await planned('T1')).toMatchObject({ status: 'completed', attempts: 2 }),
    );
    expect((await planned('T1')).result).toMatch(/^sha256 [0-9a-f]{16} of 7.5 MiB$/);
    await eventually(async () => expect((await planned('T2')).status).toBe('in_progress'));
  }, 40_000);

  test('kill -9 of any worker leaves the others at work', async () => {
    const hash = await requestOf('Hash 18 MiB of random bytes');
    for (const name of ['requester', 'indexer', 'builder']) {
      const { pid = 0 } = demo.workers.find((worker) => worker.name === name) ?? {};
      process.kill(pid, 'SIGKILL');
      await eventually(() => expect(isAlive(pid)).toBe(false));
    }
    await eventually(() => expect(states(hash).at(-1)).toBe('processing'));
    await eventually(async () => expect((await planned('T1')).status).toBe('completed'));
  }, 40_000);
});

test('kill -9 of the parent: the workers end by themselves, and the last one tidies up', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'demo-parent.ts'), parent]);
  const [line] = (await child.stdout.take(1).toArray()) as [Buffer];
  const pids = JSON.parse(String(line)) as number[];
  expect(pids).toHaveLength(5);
  await eventually(async () => {
    const [directory = ''] = await readdir(parent);
    expect(existsSync(join(parent, directory, 'state.json'))).toBe(true);
  });
  child.kill('SIGKILL');
  await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
  expect(await readdir(parent)).toEqual([]);
}, 40_000);

test('kill -9 of all the workers: whoever started them tidies up', async () => {
  const orphaned = await startDemo({ clock: systemClock, isEndless: true, directory: parent });
  await eventually(() => expect(existsSync(orphaned.statePath)).toBe(true));
  for (const { pid } of orphaned.workers) process.kill(pid as number, 'SIGKILL');
  await orphaned.stop();
  expect(await readdir(parent)).toEqual([]);
}, 40_000);

async function requestOf(name: string): Promise<NostrEvent> {
  const find = () => watcher.events('all').find(({ kind, content }) => kind < 6000 && content === name);
  await eventually(() => expect(find()).toBeDefined());
  return find() as NostrEvent;
}

async function publish(template: Parameters<Demo['signer']['sign']>[0]): Promise<NostrEvent> {
  const event = await demo.signer.sign(template);
  expect((await watcher.publish(event))[2]).toBe(true);
  return event;
}

function feedbackOn(request: NostrEvent): NostrEvent[] {
  return watcher.events('all').filter(({ kind, tags }) => kind === 7000 && tags[0]?.[1] === request.id);
}

function states(request: NostrEvent): (string | undefined)[] {
  return feedbackOn(request).map(({ tags }) => tags.find(([name]) => name === 'status')?.[2]);
}

function resultOf(request: NostrEvent): NostrEvent | undefined {
  return watcher
    .events('all')
    .find(({ kind, tags }) => kind === request.kind + 1000 && tags[1]?.[1] === request.id);
}

// biome-ignore lint/suspicious/noExplicitAny: a document from outside, of which each test asks what it needs
type Document = any;

async function task(taskId: string): Promise<Document> {
  const state: Document = JSON.parse(await readFile(demo.statePath, 'utf8'));
  return state.activeTasks.find((found: Document) => found.taskId === taskId);
}

async function planned(id: string): Promise<Document> {
  const document: Document = JSON.parse(await readFile(demo.breakdownPath, 'utf8'));
  return document.tasks.find((found: Document) => found.id === id);
}

function setPlanned(id: string, changes: object): Promise<void> {
  return rewriteBreakdown(demo.breakdownPath, systemClock, (document: Document) => {
    Object.assign(
      document.tasks.find((found: Document) => found.id === id),
      changes,
    );
  });
}

async function command(name: 'cancel' | 'retry', taskId: string): Promise<void> {
  const { statePath } = demo;
  const signal = AbortSignal.timeout(10_000);
  expect(await sendCommandFile({ statePath, command: name, taskId, clock: systemClock, signal })).toEqual({
    kind: 'sent',
  });
}
