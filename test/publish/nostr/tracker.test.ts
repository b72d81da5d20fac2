import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NostrEvent } from 'nostr-tools/pure';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { type Clock, systemClock } from '../../../src/clock.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { createSigner, type Signer } from '../../../src/nostr/signer.ts';
import type { TrackedJob } from '../../../src/publish/nostr/tracker/tracked-job.ts';
import { TaskStatusTracker } from '../../../src/publish/nostr/tracker.ts';
import { createRelay, type Relay } from '../../../src/relay/create-relay.ts';
import { eventually } from '../../helpers/eventually.ts';
import { watchRelays } from '../../helpers/watch-relays.ts';
import { type Author, connectRaw, createAuthor, type RawClient } from '../../relay/raw-client.ts';

const KIND = 5100;
let relay: Relay;
let watcher: RawClient;
let requester: Author;
let provider: Author;
let tracker: TaskStatusTracker;
let jobs: AsyncGenerator<TrackedJob>;
let problems: Problem[];

function openTracker(options: Partial<ConstructorParameters<typeof TaskStatusTracker>[0]> = {}) {
  tracker = new TaskStatusTracker({
    relays: [relay.url],
    signer: createSigner(provider.secret),
    updateIntervalMs: 50,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  jobs = tracker.jobs({ kinds: [KIND] });
}

beforeEach(async () => {
  problems = [];
  [requester, provider] = [createAuthor(), createAuthor()];
  relay = await createRelay({ clock: systemClock });
  watcher = await connectRaw(relay.url);
  await watcher.request('feedback', { kinds: [7000, KIND + 1000] });
  openTracker();
});

afterEach(async () => {
  await tracker.close();
  await relay.close();
});

async function ask(tags: string[][] = [], content = 'count'): Promise<NostrEvent> {
  const request = requester.sign({ kind: KIND, content, tags });
  await watcher.publish(request);
  return request;
}

async function nextJob(): Promise<TrackedJob> {
  const { value } = await jobs.next();
  return value as TrackedJob;
}

const tag = (event: NostrEvent | undefined, name: string) => event?.tags.find((cells) => cells[0] === name);
const feedback = () => watcher.events('feedback').filter((event) => event.kind === 7000);
const states = () => feedback().map((event) => tag(event, 'status')?.[2]);

test('a job from its request to its result: what the relay gets', async () => {
  const request = await ask([['i', 'hello', 'text']]);
  const job = await nextJob();
  expect(job).toMatchObject({
    resumed: false,
    state: 'queued',
    request: { id: request.id, content: 'count' },
  });
  await job.move('processing');
  job.progress(41.9, { etaMs: 2_900 });
  await eventually(() => expect(feedback()).toHaveLength(2));
  await job.complete('5');
  await eventually(() => expect(watcher.events('feedback')).toHaveLength(4));

  const [begun, half, result, done] = watcher.events('feedback');
  expect(begun?.tags).toEqual([
    ['e', request.id],
    ['p', request.pubkey],
    ['status', 'processing', 'processing'],
  ]);
  expect(half?.tags.slice(2)).toEqual([
    ['status', 'processing', 'processing'],
    ['progress', '41'],
    ['eta', '3'],
  ]);
  expect(result).toMatchObject({ kind: 6100, content: '5' });
  expect(JSON.parse(tag(result, 'request')?.[1] ?? '')).toEqual(JSON.parse(JSON.stringify(request)));
  expect(result?.tags.slice(1)).toEqual([
    ['e', request.id, '', 'request'],
    ['p', request.pubkey],
    ['status', 'success'],
    ['i', 'hello', 'text'],
    ['runtime', expect.stringMatching(/^\d+$/)],
  ]);
  expect(done?.tags.slice(2)).toEqual([
    ['status', 'success', 'completed'],
    ['progress', '100'],
  ]);
});

test('progress is throttled, and the newest value is never lost', async () => {
  openTracker({ updateIntervalMs: 300 });
  await ask();
  const job = await nextJob();
  await job.move('processing');
  for (let percent = 0; percent <= 77; percent += 1) job.progress(percent);
  await eventually(() => expect(feedback()).toHaveLength(2));
  expect(tag(feedback()[1], 'progress')).toEqual(['progress', '77']);

  job.progress(78);
  job.progress(79, { message: 'almost' });
  await job.move('failed', 'disk full');
  await eventually(() => expect(feedback()).toHaveLength(3));
  expect(feedback()[2]).toMatchObject({ content: 'disk full' });
  expect(tag(feedback()[2], 'progress')).toEqual(['progress', '79']);
  expect(tag(feedback()[2], 'status')).toEqual(['status', 'error', 'failed']);
});

describe('moves', () => {
  test.each<[string[], string]>([
    [['completed'], "can't move from queued to completed: only to processing, waiting, failed, cancelled"],
    [
      ['waiting', 'completed'],
      "can't move from waiting to completed: only to queued, processing, failed, cancelled",
    ],
    [
      ['processing', 'completed', 'processing'],
      "can't move from completed to processing: completed is its end",
    ],
    [['cancelled', 'cancelled'], "can't move from cancelled to cancelled: cancelled is its end"],
  ])('%s is refused with the allowed ones', async (path, complaint) => {
    const request = await ask();
    await nextJob();
    const moves = path.map((to) => () => tracker.move(request.id, to as 'queued'));
    const last = moves.pop();
    for (const move of moves) await move();
    expect(() => last?.()).toThrow(`job ${request.id.slice(0, 8)} ${complaint}`);
  });

  test('within one second stay in order for a viewer that goes by stamps', async () => {
    await ask();
    const job = await nextJob();
    for (const to of ['processing', 'waiting', 'processing', 'queued', 'processing'] as const)
      await job.move(to);
    await job.complete();
    await eventually(() => expect(feedback()).toHaveLength(6));
    expect(states()).toEqual(['processing', 'waiting', 'processing', 'queued', 'processing', 'completed']);
    const stamps = feedback().map((event) => event.created_at);
    expect(stamps.slice(0, 5)).toEqual([...new Set(stamps.slice(0, 5))].sort());
  });

  test('are told in words, whatever a program in plain JavaScript gives', async () => {
    await ask();
    const job = await nextJob();
    await job.move('processing', new Error('beginning') as unknown as string);
    await job.complete({ answer: 42 } as unknown as string);
    await eventually(() => expect(watcher.events('feedback')).toHaveLength(3));
    expect(watcher.events('feedback').map(({ content }) => content)).toEqual([
      'beginning',
      '{"answer":42}',
      '',
    ]);
  });

  test('after the end start no timer that keeps the process', async () => {
    const delays: number[] = [];
    const after: Clock['after'] = (delayMs, action) => {
      delays.push(delayMs);
      return systemClock.after(delayMs, action);
    };
    await tracker.close();
    openTracker({ clock: { ...systemClock, after } });
    const request = requester.sign({ kind: KIND, content: '', tags: [['timeout', '600']] });
    await tracker.close();
    await (await tracker.track(request))?.move('processing');
    expect(delays).not.toContain(600_000);
  });

  test('go on where nobody can be told of what goes wrong', async () => {
    await tracker.close();
    const secret = createSigner(provider.secret);
    let failures = 1;
    const sign: Signer['sign'] = async (template) => {
      if (failures-- > 0) throw new Error('the signer is away');
      return secret.sign(template);
    };
    const onProblem = () => {
      throw new Error('a bug of the host');
    };
    openTracker({ signer: { ...secret, sign }, onProblem });
    await ask();
    await (await nextJob()).move('processing');
    await eventually(() => expect(states()).toEqual(['processing']));
    await tracker.move('f'.repeat(64), 'processing');
  });

  test('of an unknown job are a warning, as is progress that is no number', async () => {
    await tracker.move('f'.repeat(64), 'processing');
    await ask();
    const job = await nextJob();
    job.progress(Number.NaN);
    job.progress('50' as unknown as number);
    expect(problems.map((problem) => problem.message)).toEqual([
      'job ffffffff is not tracked',
      `job ${job.request.id.slice(0, 8)}: NaN is not a progress value`,
      `job ${job.request.id.slice(0, 8)}: 50 is not a progress value`,
    ]);
  });
});

describe('withdrawing (kind 5)', () => {
  test("by the requester aborts the work and is told; by another it's nothing", async () => {
    const request = await ask();
    const job = await nextJob();
    await job.move('processing');
    const tags = [
      ['e', request.id],
      ['k', `${KIND}`],
    ];
    await watcher.publish(createAuthor().sign({ kind: 5, tags }));
    await watcher.publish(requester.sign({ kind: 5, tags }));
    await eventually(() => expect(job.signal.aborted).toBe(true));
    await eventually(() => expect(states()).toEqual(['processing', 'cancelled']));
    expect(tag(feedback()[1], 'status')).toEqual(['status', 'error', 'cancelled']);
    expect(tracker.stateOf(request.id)).toBe('cancelled');
  });

  test('before the work began takes it out of the queue', async () => {
    const first = await ask();
    const job = await nextJob();
    const second = await ask([], 'second');
    await eventually(() => expect(tracker.stateOf(second.id)).toBe('queued'));
    await watcher.publish(requester.sign({ kind: 5, tags: [['e', second.id]] }));
    await eventually(() => expect(tracker.stateOf(second.id)).toBe('cancelled'));
    const third = await ask([], 'third');
    expect(job.request.id).toBe(first.id);
    expect((await nextJob()).request.id).toBe(third.id);
  });
});

test('requests: the most urgent first, none that names others, each once', async () => {
  const others = await ask([['p', 'c'.repeat(64)]], 'for others');
  const low = await ask([['priority', '9']], 'low');
  const high = await ask([['param', 'priority', '1']], 'high');
  const mine = await ask([['p', provider.sign({}).pubkey]], 'mine');
  const first = jobs.next();
  await eventually(() => {
    for (const { id } of [low, high, mine]) expect(tracker.stateOf(id)).toBeDefined();
  });
  const taken = [(await first).value.request.content, (await nextJob()).request.content];
  expect(tracker.stateOf(others.id)).toBeUndefined();
  expect([...taken, (await nextJob()).request.content].sort()).toEqual(['high', 'low', 'mine']);
});

test('a job that takes longer than it may is stopped and fails', async () => {
  await ask([['timeout', '0.1']]);
  const job = await nextJob();
  await job.move('processing');
  await eventually(() => expect(states()).toEqual(['processing', 'failed']));
  expect(job.signal.aborted).toBe(true);
  expect(feedback()[1]?.content).toBe('timed out after 0.1 s');
});

describe('over a restart', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tracker-'));
    await tracker.close();
    openTracker({ statePath: join(directory, 'state.db') });
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('an unended job is resumed, an ended one is not done again', async () => {
    const [begun, ended] = [await ask([], 'begun'), await ask([], 'ended')];
    for (const job of [await nextJob(), await nextJob()]) {
      await job.move('processing');
      job.progress(30);
      if (job.request.id === ended.id) await job.complete('done');
    }
    await tracker.close();

    openTracker({ statePath: join(directory, 'state.db') });
    const job = await nextJob();
    expect(job).toMatchObject({ resumed: true, state: 'processing', request: { id: begun.id } });
    expect(tracker.stateOf(ended.id)).toBe('completed');
    await job.complete('late');
    await eventually(() =>
      expect(
        watcher
          .events('feedback')
          .filter(({ kind }) => kind === 6100)
          .map(({ content }) => content),
      ).toEqual(['done', 'late']),
    );
  });

  test('what no relay has taken is published again, the same event', async () => {
    const request = await ask();
    const job = await nextJob();
    await job.move('processing');
    await eventually(() => expect(feedback()).toHaveLength(1));
    const { port } = relay;
    await relay.close();
    await job.complete('the result');
    await tracker.close({ withinMs: 10 });
    expect(problems.length).toBeGreaterThan(0);

    relay = await createRelay({ clock: systemClock, port });
    watcher = await connectRaw(relay.url);
    await watcher.request('feedback', { kinds: [7000, 6100] });
    openTracker({ statePath: join(directory, 'state.db') });
    await eventually(() => expect(watcher.events('feedback')).toHaveLength(2));
    expect(tracker.stateOf(request.id)).toBe('completed');
    const ids = watcher.events('feedback').map(({ id }) => id);
    await tracker.close();
    openTracker({ statePath: join(directory, 'state.db') });
    await tracker.close();
    expect(watcher.events('feedback').map(({ id }) => id)).toEqual(ids);
  });
});

describe('encrypted jobs', () => {
  test('are read, and answered so that only the requester can read it', async () => {
    const signer = createSigner(requester.secret);
    const pubkey = createSigner(provider.secret).pubkey;
    const secretTags = JSON.stringify([
      ['i', 'a secret', 'text'],
      ['param', 'timeout', '60'],
    ]);
    const request = requester.sign({
      kind: KIND,
      content: await signer.nip44.encrypt(pubkey, secretTags),
      tags: [['p', pubkey], ['encrypted']],
    });
    await watcher.publish(request);
    const job = await nextJob();
    expect(job.request).toMatchObject({
      inputs: [{ value: 'a secret', type: 'text' }],
      timeoutMs: 60_000,
      isSealed: true,
    });
    await job.move('processing', 'at it');
    await job.complete('the answer');
    await eventually(() => expect(watcher.events('feedback')).toHaveLength(3));
    const [begun, result] = watcher.events('feedback') as [NostrEvent, NostrEvent];
    for (const event of [begun, result]) expect(tag(event, 'encrypted')).toEqual(['encrypted']);
    expect(JSON.parse(await signer.nip44.decrypt(pubkey, begun.content))).toEqual([['content', 'at it']]);
    expect(await signer.nip44.decrypt(pubkey, result.content)).toBe('the answer');
    expect(JSON.stringify(watcher.frames)).not.toContain('a secret');
  });

  test('for another key are left alone', async () => {
    const other = createAuthor().sign({}).pubkey;
    const content = await createSigner(requester.secret).nip44.encrypt(other, '[["i","x","text"]]');
    const encrypted = await ask([['encrypted']], content);
    const open = await ask();
    expect((await nextJob()).request.id).toBe(open.id);
    expect(tracker.stateOf(encrypted.id)).toBeUndefined();
  });
});

describe('dependencies', () => {
  test('a job waits for the results of others, then it is due', async () => {
    const first = await ask([], 'first');
    const second = await ask([['i', first.id, 'job']], 'second');
    await eventually(() => expect(tracker.stateOf(second.id)).toBe('waiting'));
    const job = await nextJob();
    expect(job.request.id).toBe(first.id);
    await job.move('processing');
    await job.complete('ready');
    expect(await nextJob()).toMatchObject({
      state: 'waiting',
      request: { id: second.id, dependencies: [first.id] },
    });
  });

  test('a job whose dependency is withdrawn fails', async () => {
    const first = await ask([], 'first');
    const second = await ask([['e', first.id, '', 'dependency']], 'second');
    await eventually(() => expect(tracker.stateOf(second.id)).toBe('waiting'));
    await watcher.publish(requester.sign({ kind: 5, tags: [['e', first.id]] }));
    await eventually(() => expect(tracker.stateOf(second.id)).toBe('failed'));
    await eventually(() =>
      expect(feedback().map(({ content }) => content)).toContain('a job that it depends on was withdrawn'),
    );
  });
});

describe('several relays', () => {
  test('each gets everything, one that was down later', async () => {
    const second = await createRelay({ clock: systemClock });
    await second.close();
    openTracker({ relays: [relay.url, second.url] });
    const request = await ask();
    const job = await nextJob();
    await job.move('processing');
    await job.complete('done');
    await eventually(() => expect(watcher.events('feedback')).toHaveLength(3));
    expect(problems.map(({ kind }) => kind)).toContain('refused');

    const back = await createRelay({ clock: systemClock, port: second.port });
    await using late = watchRelays([back.url], { filters: [{ '#e': [request.id] }] });
    const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id).sort();
    await eventually(() => expect(ids(late.events)).toEqual(ids(watcher.events('feedback'))));
    await tracker.close();
    await back.close();
  });

  test('after an outage: every move in order, of the progress only the newest', async () => {
    const signed: string[] = [];
    const signer = createSigner(provider.secret);
    openTracker({
      signer: {
        ...signer,
        async sign(template) {
          signed.push(JSON.stringify(template.tags));
          return signer.sign(template);
        },
      },
    });
    await ask();
    const job = await nextJob();
    await job.move('processing');
    await eventually(() => expect(feedback()).toHaveLength(1));
    const { port } = relay;
    await relay.close();
    for (const percent of [10, 20, 30]) {
      job.progress(percent);
      await eventually(() => expect(signed.at(-1)).toContain(`["progress","${percent}"]`));
    }
    await job.move('waiting', 'for the relay');
    await job.move('processing');
    job.progress(40);
    job.progress(50);
    relay = await createRelay({ clock: systemClock, port });
    watcher = await connectRaw(relay.url);
    await watcher.request('feedback', { kinds: [7000] });
    await eventually(() => expect(feedback()).toHaveLength(3));
    expect(feedback().map((event) => [tag(event, 'status')?.[2], tag(event, 'progress')?.[1]])).toEqual([
      ['waiting', '30'],
      ['processing', '30'],
      ['processing', '50'],
    ]);
  });

  test('one that is down does not hold up the end, once another has everything', async () => {
    const second = await createRelay({ clock: systemClock });
    await second.close();
    openTracker({ relays: [relay.url, second.url] });
    await ask();
    const job = await nextJob();
    await job.move('processing');
    await job.complete('done');
    await tracker.close({ withinMs: 60_000 });
    await eventually(() => expect(watcher.events('feedback')).toHaveLength(3));
  });

  test('one that refuses is told of, and keeps no event from the other', async () => {
    const refusing = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    refusing.on('connection', (socket) => {
      socket.on('message', (data) => {
        const [verb, event] = JSON.parse(String(data));
        if (verb === 'REQ') socket.send(JSON.stringify(['EOSE', event]));
        if (verb === 'EVENT') socket.send(JSON.stringify(['OK', event.id, false, 'blocked: not here']));
      });
    });
    await once(refusing, 'listening');
    const url = `ws://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    openTracker({ relays: [url, relay.url] });
    await ask();
    const job = await nextJob();
    await job.move('processing');
    await job.complete('done');
    await eventually(() => expect(watcher.events('feedback')).toHaveLength(3));
    await eventually(() =>
      expect(problems.map(({ message, hint }) => [message, hint])).toEqual([
        [`${url} rejected a report: blocked: not here`, 'sending it again'],
      ]),
    );
    await tracker.close({ withinMs: 60_000 });
    for (const client of refusing.clients) client.terminate();
    refusing.close();
  });
});

test('a state file that cannot be opened, or that another tracker has: said, and the work goes on', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tracker-'));
  const statePath = join(directory, 'state.db');
  const other = new TaskStatusTracker({ relays: [], signer: createSigner(provider.secret), statePath });
  for (const path of [join(directory, 'missing', 'state.db'), statePath]) {
    await tracker.close();
    problems = [];
    openTracker({ statePath: path });
    expect(problems).toMatchObject([
      { kind: 'unreadable', hint: expect.stringMatching(/^reports are kept in memory only/) },
    ]);
    const request = await ask();
    const job = await nextJob();
    await job.move('processing');
    await eventually(() => expect(feedback().some(({ tags }) => tags[0]?.[1] === request.id)).toBe(true));
    await job.complete();
  }
  await other.close();
  await rm(directory, { recursive: true });
});
