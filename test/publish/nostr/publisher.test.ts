import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { VerifiedEvent } from 'nostr-tools/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { type Problem, problem } from '../../../src/model/problem.ts';
import { overallProgress } from '../../../src/model/progress.ts';
import { reasonOf, type Task } from '../../../src/model/task.ts';
import { plainName, plainText, words } from '../../../src/model/text.ts';
import { createSigner } from '../../../src/nostr/signer.ts';
import { reasonText } from '../../../src/present/reason.ts';
import { createTaskPublication, type TaskPublication } from '../../../src/publish/nostr/publisher.ts';
import { undeliveredProblem } from '../../../src/publish/nostr/tracker/problems.ts';
import { createRelay, type Relay } from '../../../src/relay/create-relay.ts';
import { keyPair, signed } from '../../helpers/events.ts';
import { eventually } from '../../helpers/eventually.ts';
import { openGate } from '../../helpers/gate.ts';
import { type NostrView, viewNostr } from '../../helpers/nostr-view.ts';
import { publishTo } from '../../helpers/relay-client.ts';
import { makeStep, makeTask } from '../../helpers/task.ts';
import { type Watch, watchRelays } from '../../helpers/watch-relays.ts';

const machine = keyPair(1);
const reader = keyPair(2);
const stranger = keyPair(3);
const NAMES: Record<string, string> = { [machine.pubkey]: 'machine', [reader.pubkey]: 'reader' };

let folder: string;
let relay: Relay;
let open: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'publisher-'));
  relay = await createRelay({ clock: systemClock });
  open = [];
});
afterEach(async () => {
  for (const close of open.reverse()) await close();
  await relay.close();
  await rm(folder, { recursive: true, force: true });
});

interface Options {
  readonly url?: string;
  readonly readers?: readonly string[];
  readonly allowed?: readonly string[] | null;
}

/** A machine that publishes, and what it was asked to cancel. */
function publish({ url = relay.url, readers = [], allowed = [] }: Options = {}) {
  const asked: string[] = [];
  const problems: Problem[] = [];
  const publication = createTaskPublication({
    relays: [url],
    signer: createSigner(machine.secretKey),
    statePath: path.join(folder, 'publish.db'),
    host: 'build-7',
    readers,
    allowed,
    async onCommand(command, id, by) {
      asked.push(`${command} ${id} by ${NAMES[by]}`);
      return id === 'test/stubborn' ? problem('not-allowed', 'degraded', 'the disk is full') : null;
    },
    onProblem: (said) => problems.push(said),
    reasonText,
    clock: systemClock,
    updateIntervalMs: 50,
  });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await publication.close();
    isClosed = true;
  };
  open.push(close);
  return { publication, asked, problems, close };
}

/** Somebody who watches the machine's key, with a key of their own or without. */
function look(secretKey?: Uint8Array): NostrView {
  const view = viewNostr([relay.url], {
    pubkeys: [machine.pubkey],
    ...(secretKey && { signer: createSigner(secretKey) }),
  });
  open.push(view.close);
  return view;
}

function eavesdrop(): Watch {
  const watch = watchRelays([relay.url], { filters: [{ authors: [machine.pubkey] }] });
  open.push(() => watch[Symbol.asyncDispose]());
  return watch;
}

function shown(view: NostrView): string[] {
  return [...view.record().tasks.values()]
    .map(({ task }) => `${task.name}: ${task.state.status} ${overallProgress(task) ?? '–'}`)
    .toSorted();
}

const task = (nativeId: string, given: Partial<Task> = {}) => makeTask(nativeId, given);
const named = (view: NostrView, name: string): Task =>
  [...view.record().tasks.values()].map((entry) => entry.task).find((found) => found.name === name) as Task;

async function put(publication: TaskPublication, ...tasks: Task[]): Promise<void> {
  for (const one of tasks) publication.put(one, null);
  await publication.settled();
}

describe('what a machine publishes', () => {
  it('is all of its tasks, with their states', async () => {
    const { publication } = publish();
    const startedAt = Date.now() - 60_000;
    publication.put(
      task('a', {
        name: words`Sort`,
        startedAt,
        steps: [makeStep(0, { status: 'completed' }), makeStep(1, { status: 'running', name: words`merge` })],
      }),
      Date.now() + 120_000,
    );
    await put(
      publication,
      task('b', { name: words`Fetch`, state: { status: 'queued', reason: null } }),
      task('c', { name: words`Pay`, state: { status: 'needs-input', reason: words`which card?` } }),
      task('d', {
        name: words`Hash`,
        startedAt,
        state: { status: 'completed', endedAt: startedAt + 5_000, result: words`42` },
      }),
      task('e', {
        name: words`Send`,
        state: { status: 'failed', endedAt: null, error: words`no route` },
      }),
      task('f', { name: words`Trim`, state: { status: 'cancelled', endedAt: null, reason: null } }),
      task('g', {
        name: words`Old`,
        state: { status: 'completed', endedAt: Date.now() - 48 * 3_600_000, result: null },
      }),
    );
    const view = look();
    await eventually(() => {
      expect(shown(view)).toEqual([
        'Fetch: queued –',
        'Hash: completed 100',
        'Pay: waiting –',
        'Send: failed –',
        'Sort: running 50',
        'Trim: cancelled –',
      ]);
      expect(named(view, 'Sort').sessions[0]?.notes).toBe('merge (2/2)');
    });
    expect(named(view, 'Sort').labels).toMatchObject({ host: 'build-7', kind: '5900' });
    expect(named(view, 'Sort').startedAt).toBe(Math.floor(startedAt / 1000) * 1000);
    expect(named(view, 'Sort').reportedEndAt).toBeGreaterThan(Date.now() + 100_000);
    expect(named(view, 'Hash').state).toMatchObject({
      result: '42',
      endedAt: Math.floor((startedAt + 5_000) / 1000) * 1000,
    });
    expect(named(view, 'Trim').startedAt).toBeNull();
    expect(named(view, 'Send').state).toMatchObject({ error: 'no route' });
    expect(named(view, 'Pay').state).toMatchObject({ reason: 'needs input: which card?' });
  });

  it('moves as the tasks move; a repeated task is a new job, linked with the old one', async () => {
    const { publication } = publish();
    const view = look();
    await put(publication, task('a', { name: words`Sort`, reportedProgress: 10 }));
    await eventually(() => expect(shown(view)).toEqual(['Sort: running 10']));
    for (let progress = 11; progress <= 60; progress += 1)
      publication.put(task('a', { name: words`Sort`, reportedProgress: progress }), null);
    await eventually(() => expect(shown(view)).toEqual(['Sort: running 60']));
    await put(
      publication,
      task('a', {
        name: words`Sort`,
        state: { status: 'failed', endedAt: null, error: words`disk full` },
      }),
    );
    await eventually(() => expect(shown(view)).toEqual(['Sort: failed 60']));
    await put(publication, task('a', { name: words`Sort` }));
    await eventually(() => expect(shown(view)).toEqual(['Sort: failed 60', 'Sort: running –']));
    const [first, second] = [...view.record().tasks.values()].map((entry) => entry.task);
    expect(first?.retriedAs ?? second?.retriedAs).toBeDefined();
  });

  it('is not a flood if only the words change', async () => {
    const { publication } = publish();
    const wire = eavesdrop();
    for (let line = 1; line <= 200; line += 1) {
      const reason = words`line ${line}`;
      await put(publication, task('a', { state: { status: 'running', reason } }));
    }
    await eventually(() => expect(wire.events.at(-1)?.content).toBe('line 200'));
    expect(wire.events.length).toBeLessThan(50);
  });

  it('ends if the source no longer lists it', async () => {
    const { publication } = publish();
    const view = look();
    await put(
      publication,
      task('a'),
      task('b', { state: { status: 'completed', endedAt: null, result: null } }),
    );
    publication.remove(task('a').id);
    publication.remove(task('b').id);
    await eventually(() => expect(shown(view)).toEqual(['task a: cancelled –', 'task b: completed 100']));
  });
});

describe('a restart', () => {
  it('publishes no task twice, and continues where it was', async () => {
    const first = publish();
    await put(
      first.publication,
      task('a', { reportedProgress: 20 }),
      task('b', { state: { status: 'completed', endedAt: null, result: null } }),
      task('gone'),
    );
    await first.close();
    const second = publish();
    await put(
      second.publication,
      task('a', { state: { status: 'completed', endedAt: null, result: null } }),
      task('b', { state: { status: 'completed', endedAt: null, result: null } }),
      task('c'),
    );
    second.publication.keepOnly([task('a').id, task('b').id, task('c').id]);
    const view = look();
    await eventually(() =>
      expect(shown(view)).toEqual([
        'task a: completed 100',
        'task b: completed 100',
        'task c: running –',
        'task gone: cancelled –',
      ]),
    );
  });

  it('sends what no relay had accepted', async () => {
    const gate = await openGate(relay.port);
    open.push(() => gate[Symbol.asyncDispose]());
    await gate.shut();
    const url = `ws://127.0.0.1:${gate.port}`;
    const first = publish({ url });
    await put(first.publication, task('a', { reportedProgress: 20 }));
    const closing = first.close();
    await closing;
    await gate.unlock();
    const second = publish({ url });
    await put(second.publication, task('a', { reportedProgress: 20 }));
    const view = look();
    await eventually(() => expect(shown(view)).toEqual(['task a: running 20']));
    expect(first.problems.map(({ severity }) => severity)).toContain('degraded');
  });

  it('of a relay that keeps nothing: what still runs is published once more, what has ended is not', async () => {
    const { publication } = publish();
    await put(
      publication,
      task('a', { name: words`Sort`, reportedProgress: 35 }),
      task('b', { state: { status: 'completed', endedAt: null, result: null } }),
      task('c', { name: words`Wait`, state: { status: 'queued', reason: null } }),
    );
    const before = look();
    await eventually(() => expect(shown(before)).toHaveLength(3));
    await relay.close();
    relay = await createRelay({ clock: systemClock, port: relay.port });
    const after = look();
    await eventually(() => expect(shown(after)).toEqual(['Sort: running 35', 'Wait: queued –']));
    // Those who saw it all along see the same tasks, not new ones.
    expect(shown(before)).toEqual(['Sort: running 35', 'Wait: queued –', 'task b: completed 100']);
  });

  it('is refused if the same is already published', async () => {
    publish();
    expect(() => publish()).toThrow(/locked/);
  });
});

describe('in private', () => {
  it('is read by the readers and by nobody else', async () => {
    const wire = eavesdrop();
    const { publication } = publish({ readers: [reader.pubkey, keyPair(9).pubkey] });
    await put(
      publication,
      task('a', {
        name: words`Secret plan`,
        reportedProgress: 35,
        state: { status: 'running', reason: words`boiling` },
      }),
      task('b', {
        name: words`Hidden end`,
        state: { status: 'completed', endedAt: null, result: words`the treasure` },
      }),
    );
    const [friend, enemy, nobody, self] = [
      look(reader.secretKey),
      look(stranger.secretKey),
      look(),
      look(machine.secretKey),
    ];
    for (const view of [friend, self])
      await eventually(() =>
        expect(shown(view)).toEqual(['Hidden end: completed 100', 'Secret plan: running 35']),
      );
    expect(named(friend, 'Hidden end').state).toMatchObject({ result: 'the treasure' });
    expect(named(friend, 'Secret plan').labels.host).toBe('build-7');
    await eventually(() => expect(shown(enemy)).toHaveLength(2));
    await eventually(() => expect(shown(nobody)).toHaveLength(2));
    expect(shown(enemy).join()).not.toMatch(/Secret|Hidden|running/);

    await eventually(() => expect(wire.events.length).toBeGreaterThan(4));
    const said = JSON.stringify(wire.events);
    expect(said).not.toMatch(/Secret|Hidden|boiling|treasure|build-7|progress|status/);
  });

  it.each([
    ['openly', 0],
    ['for a few', 3],
    ['for as many as there may be', 32],
  ])('fits into what relays take, said %s', async (_how, count) => {
    const wire = eavesdrop();
    const readers = Array.from({ length: count }, (_, index) => keyPair(100 + index).pubkey);
    const { publication, problems } = publish({ readers });
    const long = plainText('ä"\n📦'.repeat(30_000));
    await put(
      publication,
      task('a', {
        name: plainName('name '.repeat(1_000)),
        state: { status: 'completed', endedAt: null, result: long },
      }),
      task('b', { state: { status: 'failed', endedAt: null, error: long } }),
    );
    await eventually(() => expect(kinds(wire.events)).toEqual([5900, 5900, 6900, 7000, 7000]));
    for (const event of wire.events)
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(64 * 1024);
    expect(problems).toEqual([]);
  });
});

describe('a cancellation', () => {
  const cancellation = (secretKey: Uint8Array, id: string, created_at = Math.floor(Date.now() / 1000)) =>
    signed(secretKey, { kind: 5, created_at, tags: [['e', id]] });

  it('is obeyed by our own key and the keys that are allowed, once each, and by nobody else', async () => {
    const { publication, asked } = publish({ allowed: [reader.pubkey] });
    const wire = eavesdrop();
    await put(
      publication,
      task('a'),
      task('b'),
      task('done', { state: { status: 'completed', endedAt: null, result: null } }),
    );
    await eventually(() => expect(kinds(wire.events).filter((kind) => kind === 5900)).toHaveLength(3));
    const requests = wire.events.filter(({ kind }) => kind === 5900);
    const idOf = (name: string) => requests.find(({ content }) => content === name)?.id as string;
    const byReader = cancellation(reader.secretKey, idOf('task a'));
    await publishTo(relay.url, [
      cancellation(stranger.secretKey, idOf('task b')),
      cancellation(reader.secretKey, idOf('task b'), Math.floor(Date.now() / 1000) - 3_600),
      cancellation(reader.secretKey, idOf('task done')),
      byReader,
      byReader,
    ]);
    await publishTo(relay.url, [cancellation(machine.secretKey, idOf('task b'))]);
    await eventually(() => expect(asked).toHaveLength(2));
    expect(asked).toEqual(['cancel test/a by reader', 'cancel test/b by machine']);
  });

  it('is offered to those whose cancellation counts, and sent by them', async () => {
    const { publication, asked } = publish({ allowed: [reader.pubkey] });
    await put(publication, task('a'));
    const [friend, enemy] = [look(reader.secretKey), look(stranger.secretKey)];
    for (const view of [friend, enemy])
      await eventually(() => expect(shown(view)).toEqual(['task a: running –']));
    expect(named(friend, 'task a').offers).toEqual([{ command: 'cancel', refusal: null }]);
    expect(named(enemy, 'task a').offers[0]?.refusal).toMatch(/needs the requester's key/);
    const sent = await friend.source.commands.cancel?.(named(friend, 'task a').nativeId, {
      signal: new AbortController().signal,
      report() {},
    });
    expect(sent).toEqual({ kind: 'sent' });
    await eventually(() => expect(asked).toEqual(['cancel test/a by reader']));
    expect(shown(friend)).toEqual(['task a: running –']);
    await put(publication, task('a', { state: { status: 'cancelled', endedAt: null, reason: null } }));
    await eventually(() => expect(shown(friend)).toEqual(['task a: cancelled –']));
  });
});

describe('a repetition', () => {
  const failed = { status: 'failed', endedAt: null, error: null } as const;
  const context = { signal: new AbortController().signal, report() {} };

  it.each([
    ['openly', []],
    ['in private', [reader.pubkey]],
  ])('asked for by our own key, %s, is told under the request that asked', async (_how, readers) => {
    const { publication, asked } = publish({ readers });
    await put(publication, task('a', { state: failed }));
    const view = look(machine.secretKey);
    await eventually(() => expect(shown(view)).toEqual(['task a: failed –']));
    const first = named(view, 'task a').nativeId;
    expect(await view.source.commands.retry?.(first, context)).toEqual({ kind: 'sent' });
    await eventually(() => expect(asked).toEqual(['retry test/a by machine']));
    await put(publication, task('a'));
    await eventually(() => expect(shown(view)).toEqual(['task a: failed –', 'task a: running –']));
    expect(view.task(first).retriedAs).toBeDefined();
    expect(asked).toHaveLength(1);
  });

  it('that is refused gets that answer', async () => {
    const { publication } = publish();
    await put(publication, task('stubborn', { state: failed }));
    const view = look(machine.secretKey);
    await eventually(() => expect(shown(view)).toEqual(['task stubborn: failed –']));
    await view.source.commands.retry?.(named(view, 'task stubborn').nativeId, context);
    await eventually(() =>
      expect([...view.record().tasks.values()].map(({ task }) => reasonOf(task.state))).toContain(
        'the disk is full',
      ),
    );
  });
});

function kinds(events: readonly VerifiedEvent[]): number[] {
  return events.map(({ kind }) => kind).toSorted();
}

it('says that a relay gives no reason, where it gives none', () => {
  const { message } = undeliveredProblem('wss://mute.example', '');
  expect(message).toBe('wss://mute.example rejected a report: it does not say why');
});
