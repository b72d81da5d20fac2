import { once } from 'node:events';
import { createServer } from 'node:net';
import fc from 'fast-check';
import type { NostrEvent } from 'nostr-tools/pure';
import { Relay as NostrToolsRelay, useWebSocketImplementation as setWebSocket } from 'nostr-tools/relay';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/clock.ts';
import { createRelay, type Relay, type RelayOptions } from '../../src/relay/create-relay.ts';
import { eventually } from '../helpers/eventually.ts';
import { connectRaw, createAuthor, type RawClient } from './raw-client.ts';

setWebSocket(WebSocket);

const JOB = 'a'.repeat(64);
const nowSeconds = () => Math.floor(Date.now() / 1000);

let relay: Relay;
let alice: RawClient;
let bob: RawClient;
const author = createAuthor();

async function start(options: Partial<RelayOptions> = {}): Promise<void> {
  relay = await createRelay({ clock: systemClock, ...options });
  [alice, bob] = await Promise.all([connectRaw(relay.url), connectRaw(relay.url)]);
}

beforeEach(() => start());
afterEach(() => relay.close());

describe('live events', () => {
  test('reach only the subscriptions whose tags they carry', async () => {
    await bob.request('e', { kinds: [7000], '#e': [JOB] });
    await bob.request('p', { '#p': [author.sign({}).pubkey] });
    await bob.request('t', { '#t': ['none of these'] });

    const feedback = author.sign({ kind: 7000, tags: [['e', JOB]] });
    const other = author.sign({ kind: 7000, tags: [['e', 'b'.repeat(64)]] });
    const mention = author.sign({ tags: [['p', feedback.pubkey]] });
    for (const event of [feedback, other, mention])
      expect(await alice.publish(event)).toEqual(['OK', event.id, true, '']);
    await bob.settled();

    expect(ids(bob.events('e'))).toEqual([feedback.id]);
    expect(ids(bob.events('p'))).toEqual([mention.id]);
    expect(bob.events('t')).toEqual([]);
  });

  test('stop with CLOSE, and come once a subscription however often they are sent', async () => {
    await bob.request('all', { kinds: [1] });
    const first = author.sign({ content: 'first' });
    await alice.publish(first);
    expect(await alice.publish(first)).toEqual([
      'OK',
      first.id,
      true,
      'duplicate: the event is here already',
    ]);
    bob.send('CLOSE', 'all');
    await bob.settled();
    await alice.publish(author.sign({ content: 'second' }));
    await bob.settled();
    expect(ids(bob.events('all'))).toEqual([first.id]);
  });

  test('are never lost between the stored ones and the live ones', async () => {
    const events = Array.from({ length: 60 }, (_, index) => author.sign({ content: `${index}` }));
    const sent = Promise.all(events.map((event) => alice.publish(event)));
    for (let n = 0; n < 20; n += 1) bob.send('REQ', `s${n}`, { kinds: [1] });
    await sent;
    await bob.settled();
    const wanted = ids(events).sort();
    for (let n = 0; n < 20; n += 1) expect(ids(bob.events(`s${n}`)).sort()).toEqual(wanted);
  });

  test('of an ephemeral kind are sent on, not stored', async () => {
    await bob.request('live', { kinds: [20_001] });
    const event = author.sign({ kind: 20_001 });
    await alice.publish(event);
    await bob.settled();
    expect(ids(bob.events('live'))).toEqual([event.id]);
    expect(await bob.request('later', { kinds: [20_001] })).toEqual([]);
  });
});

describe('stored events', () => {
  test('come newest first, equal stamps by lowest id, and never more than the limit', async () => {
    const at = nowSeconds() - 100;
    const events = [0, 0, 0, 1, 2].map((later, index) =>
      author.sign({ created_at: at + later, content: `${index}` }),
    );
    for (const event of events) await alice.publish(event);
    const sameSecond = ids(events.slice(0, 3)).sort();
    const wanted = [events[4]?.id, events[3]?.id, ...sameSecond];
    expect(ids(await bob.request('all', { kinds: [1] }))).toEqual(wanted);
    expect(ids(await bob.request('some', { kinds: [1], limit: 3 }))).toEqual(wanted.slice(0, 3));
    expect(await bob.request('none', { kinds: [1], limit: 0 })).toEqual([]);
    const range = { kinds: [1], since: at + 1, until: at + 1 };
    expect(ids(await bob.request('range', range))).toEqual([events[3]?.id]);
  });

  test('are at most so many: the oldest give way', async () => {
    await relay.close();
    await start({ bounds: { events: 3, bytes: 1_000_000 } });
    const events = [1, 2, 3, 4, 5].map((n) => author.sign({ created_at: nowSeconds() - 10 + n }));
    for (const event of events) await alice.publish(event);
    expect(ids(await bob.request('all', {}))).toEqual(ids(events.slice(2).reverse()));
  });

  test('take at most so many bytes', async () => {
    await relay.close();
    await start({ bounds: { events: 100, bytes: 5_000 } });
    const events = [1, 2, 3].map((n) =>
      author.sign({ created_at: nowSeconds() - 10 + n, content: 'x'.repeat(2_000) }),
    );
    for (const event of events) await alice.publish(event);
    expect(ids(await bob.request('all', {}))).toEqual([events[2]?.id, events[1]?.id]);
  });

  test('of a replaceable kind: only the newest of each address', async () => {
    const at = nowSeconds() - 10;
    const version = (d: string, later: number) =>
      author.sign({ kind: 31_990, created_at: at + later, tags: [['d', d]] });
    const [oldA, newA, onlyB] = [version('a', 1), version('a', 2), version('b', 1)] as const;
    for (const event of [newA, oldA, onlyB]) await alice.publish(event);
    expect(ids(await bob.request('all', { kinds: [31_990] }))).toEqual([newA.id, onlyB.id]);
  });
});

describe('deletion (NIP-09)', () => {
  test('the kind 5 is stored and sent on; what it names is hidden, and stays away', async () => {
    await bob.request('live', { kinds: [5] });
    const request = author.sign({ kind: 1, content: 'count' });
    await alice.publish(request);
    const deletion = author.sign({
      kind: 5,
      tags: [
        ['e', request.id],
        ['k', '1'],
      ],
    });
    expect(await alice.publish(deletion)).toEqual(['OK', deletion.id, true, '']);
    await bob.settled();

    expect(ids(bob.events('live'))).toEqual([deletion.id]);
    expect(ids(await bob.request('later', { kinds: [1, 5] }))).toEqual([deletion.id]);
    expect(await bob.publish(request)).toEqual(['OK', request.id, false, 'blocked: deleted by its author']);
  });

  test('a request for a job is withdrawn, not hidden: who looks later sees what was cancelled', async () => {
    const request = author.sign({ kind: 5100, content: 'count' });
    await alice.publish(request);
    const deletion = author.sign({ kind: 5, tags: [['e', request.id]] });
    await alice.publish(deletion);
    const later = ids(await bob.request('later', { kinds: [5, 5100] }));
    expect(later.toSorted()).toEqual([request.id, deletion.id].toSorted());
  });

  test("nobody deletes another's event, and nobody a deletion", async () => {
    const request = author.sign({ kind: 1 });
    await alice.publish(request);
    const deletion = createAuthor().sign({ kind: 5, tags: [['e', request.id]] });
    await alice.publish(deletion);
    expect(ids(await bob.request('a', { kinds: [1] }))).toEqual([request.id]);

    const own = author.sign({ kind: 5, tags: [['e', request.id]] });
    await alice.publish(own);
    await alice.publish(author.sign({ kind: 5, tags: [['e', own.id]], content: 'undo' }));
    expect(ids(await bob.request('b', { ids: [own.id, request.id] }))).toEqual([own.id]);
  });

  test('an address is deleted up to the stamp of the deletion', async () => {
    const at = nowSeconds() - 10;
    const old = author.sign({ kind: 31_990, created_at: at, tags: [['d', 'x']] });
    await alice.publish(old);
    const address = `31990:${old.pubkey}:x`;
    await alice.publish(author.sign({ kind: 5, created_at: at + 1, tags: [['a', address]] }));
    expect(await bob.request('gone', { kinds: [31_990] })).toEqual([]);
    const fresh = author.sign({ kind: 31_990, created_at: at + 2, tags: [['d', 'x']] });
    await alice.publish(fresh);
    expect(ids(await bob.request('new', { kinds: [31_990] }))).toEqual([fresh.id]);
  });
});

describe('refusals', () => {
  test.each<[string, (event: NostrEvent) => object, RegExp]>([
    ['a wrong signature', (event) => ({ ...event, sig: '0'.repeat(128) }), /^invalid: the id or the sig/],
    ['changed content', (event) => ({ ...event, content: 'other' }), /^invalid: the id or the signature/],
    ['a kind that is text', (event) => ({ ...event, kind: '1' }), /^invalid: must be a number/],
    ['tags that are no text', (event) => ({ ...event, tags: [[1]] }), /^invalid: must be a string/],
    ['a long tag', (event) => ({ ...event, tags: [['e', 'x'.repeat(1_025)]] }), /^invalid: tag value/],
    ['a negative stamp', (event) => ({ ...event, created_at: -1 }), /^invalid: /],
  ])('of %s: OK false with a prefix', async (_, spoil, reason) => {
    const event = author.sign({});
    expect(await alice.publish(spoil(event) as NostrEvent)).toEqual([
      'OK',
      event.id,
      false,
      expect.stringMatching(reason),
    ]);
    expect(await bob.request('all', {})).toEqual([]);
  });

  test('of a forged event do not stick to the real one of the same id', async () => {
    const event = author.sign({});
    await alice.publish({ ...event, sig: '0'.repeat(128) });
    expect(await bob.publish(event)).toEqual(['OK', event.id, true, '']);
  });

  test('of events from the future, expired, too large', async () => {
    const cases: [NostrEvent, string][] = [
      [author.sign({ created_at: nowSeconds() + 1_000 }), 'invalid: created_at is too far in the future'],
      [author.sign({ tags: [['expiration', `${nowSeconds() - 1}`]] }), 'invalid: the event has expired'],
      [author.sign({ content: 'x'.repeat(65_530) }), 'invalid: 65869 bytes, at most 65536 are taken'],
    ];
    for (const [event, reason] of cases) expect((await alice.publish(event))[3]).toMatch(reason.slice(0, 12));
    expect(await alice.publish(cases[0]?.[0] as NostrEvent)).toEqual([
      'OK',
      cases[0]?.[0].id,
      false,
      cases[0]?.[1],
    ]);
  });

  test('of requests: CLOSED with the reason', async () => {
    const cases: [object, RegExp][] = [
      [{ kinds: ['x'] }, /^invalid: /],
      [{ '#emoji': ['x'] }, /^unsupported: filter key #emoji$/],
      [{ '#e': ['x'], '#p': ['x'], '#t': ['x'], '#k': ['x'] }, /^invalid: at most 3 tags a filter$/],
      [{ '#e': [] }, /^invalid: /],
    ];
    for (const [index, [filter, reason]] of cases.entries()) {
      await alice.request(`r${index}`, filter);
      const closed = alice.frames.find(([verb, id]) => verb === 'CLOSED' && id === `r${index}`);
      expect(closed?.[2]).toMatch(reason);
    }
  });

  test('of the 201st subscription: CLOSED, and the first 200 go on', async () => {
    for (let n = 0; n < 201; n += 1) alice.send('REQ', `s${n}`, { kinds: [1] });
    await alice.frame(([verb, id]) => verb === 'CLOSED' && id === 's200');
    const event = author.sign({});
    await bob.publish(event);
    await alice.settled();
    expect(alice.frames.filter(([verb]) => verb === 'EVENT')).toHaveLength(200);
    expect(alice.frames.filter(([verb, id]) => verb === 'CLOSED' && id === 's200')).toEqual([
      ['CLOSED', 's200', 'error: at most 200 subscriptions a connection'],
    ]);
  });

  test.each(['', 'x', '[]', '{}', 'null', '"EVENT"', '["EVENT"]', '["REQ"]', '["WAT","x"]', '[["EVENT"]]'])(
    'of %j: a NOTICE, and the connection lives',
    async (text) => {
      alice.sendText(text);
      expect(await alice.frame(([verb]) => verb === 'NOTICE')).toEqual([
        'NOTICE',
        expect.stringMatching(/^invalid: /),
      ]);
      await alice.settled();
    },
  );

  test('of a frame beyond 128 KiB: that client is cut off, the others stay', async () => {
    alice.socket.on('error', () => {});
    alice.sendText(JSON.stringify(['EVENT', { id: JOB, content: 'x'.repeat(140_000) }]));
    const [code] = await once(alice.socket, 'close');
    expect(code).toBe(1009);
    await bob.settled();
  });
});

test('an event is served until it expires, then no more', async () => {
  await relay.close();
  let nowMs = Date.now();
  await start({ clock: { ...systemClock, now: () => nowMs } });
  const event = author.sign({ tags: [['expiration', `${Math.floor(nowMs / 1000) + 10}`]] });
  await alice.publish(event);
  expect(ids(await bob.request('before', {}))).toEqual([event.id]);
  nowMs += 10_000;
  expect(await bob.request('after', {})).toEqual([]);
});

describe('as a server', () => {
  test('describes itself over HTTP (NIP-11)', async () => {
    const address = relay.url.replace('ws:', 'http:');
    const response = await fetch(address, { headers: { accept: 'application/nostr+json' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(await response.json()).toMatchObject({
      name: 'taskglass',
      supported_nips: [1, 9, 11, 40, 45, 70],
      limitation: { max_subscriptions: 200, max_limit: 500 },
    });
    expect(await (await fetch(address)).text()).toContain('taskglass relay');
  });

  test('close says good-bye, frees the port and leaves no socket', async () => {
    const goodbye = once(alice.socket, 'close');
    await relay.close();
    expect((await goodbye)[0]).toBe(1001);
    const next = createServer();
    next.listen(relay.port, '127.0.0.1');
    await once(next, 'listening');
    await new Promise((resolve) => next.close(resolve));
  });

  test('refuses with the system’s error where the port is taken', async () => {
    await expect(createRelay({ clock: systemClock, port: relay.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('counting (NIP-45)', () => {
  const count = async (...filters: unknown[]) => {
    alice.send('COUNT', 'c', ...filters);
    const answer = await alice.frame(([verb, id]) => (verb === 'COUNT' || verb === 'CLOSED') && id === 'c');
    alice.frames.length = 0;
    return answer;
  };

  test('counts what matches any of the filters, each event once, whatever a query may give', async () => {
    for (let index = 0; index < 3; index++) {
      await alice.publish(author.sign({ kind: 7000, tags: [['e', JOB]], content: `report ${index}` }));
    }
    await alice.publish(author.sign({ kind: 1, content: 'a note' }));
    expect(await count({ kinds: [7000] })).toEqual(['COUNT', 'c', { count: 3 }]);
    expect(await count({ kinds: [7000], limit: 1 })).toEqual(['COUNT', 'c', { count: 3 }]);
    expect(await count({ '#e': [JOB] }, { kinds: [1] })).toEqual(['COUNT', 'c', { count: 4 }]);
    expect(await count({ '#e': [JOB] }, { kinds: [7000] })).toEqual(['COUNT', 'c', { count: 3 }]);
    expect(await count({ authors: ['0'.repeat(64)] })).toEqual(['COUNT', 'c', { count: 0 }]);
  });

  test.each<[string, unknown]>([
    ['a kind that is no number', { kinds: ['7000'] }],
    ['a filter key that nobody knows', { colour: 'red' }],
    ['a filter that is none', 'all'],
  ])('refuses %s in a frame that names the question', async (_, filter) => {
    expect(await count(filter)).toEqual(['CLOSED', 'c', expect.stringMatching(/^(invalid|unsupported): /)]);
  });

  test('opens no subscription', async () => {
    await count({ kinds: [7000] });
    await bob.publish(author.sign({ kind: 7000, tags: [['e', JOB]] }));
    await alice.settled();
    expect(alice.frames.filter(([verb]) => verb === 'EVENT')).toEqual([]);
  });
});

describe('logins', () => {
  test('are refused, since no challenge was given', async () => {
    const login = author.sign({
      kind: 22242,
      tags: [
        ['relay', relay.url],
        ['challenge', 'invented'],
      ],
    });
    alice.send('AUTH', login);
    expect(await alice.frame(([verb, id]) => verb === 'OK' && id === login.id)).toEqual([
      'OK',
      login.id,
      false,
      'invalid: this relay has given no challenge, and needs no login',
    ]);
  });

  test('are missing for protected events (NIP-70), which are neither kept nor sent on', async () => {
    await bob.request('all', { kinds: [1] });
    const event = author.sign({ tags: [['-']], content: 'for one relay' });
    expect(await alice.publish(event)).toEqual([
      'OK',
      event.id,
      false,
      'blocked: protected events need a login, which this relay does not offer',
    ]);
    await bob.settled();
    expect(bob.events('all')).toEqual([]);
    expect(await alice.request('stored', { ids: [event.id] })).toEqual([]);
  });
});

test('survives any frame, and answers the next one', async () => {
  const word = fc.oneof(
    fc.constantFrom('EVENT', 'REQ', 'CLOSE', 'AUTH', 'COUNT', 'NEG-OPEN', 'a'),
    fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text)),
    fc.record({ kinds: fc.array(fc.oneof(fc.integer(), fc.string())), '#e': fc.array(fc.string()) }),
    fc.record({ id: fc.constant(JOB), tags: fc.array(fc.array(fc.string())), kind: fc.nat() }),
  );
  const frame = fc.oneof(
    fc.array(word, { maxLength: 5 }).map((words) => JSON.stringify(words)),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(frame, async (text) => {
      alice.sendText(text);
      await alice.settled();
    }),
    { numRuns: 300 },
  );
  expect(alice.frames.filter(([verb]) => verb === 'EVENT')).toEqual([]);
});

test("nostr-tools' own relay class publishes, is refused, subscribes and hears of the end", async () => {
  const client = await NostrToolsRelay.connect(relay.url);
  const heard: string[] = [];
  let caughtUp = false;
  client.subscribe([{ kinds: [7000], '#e': [JOB] }], {
    onevent: (event) => heard.push(event.id),
    oneose: () => {
      caughtUp = true;
    },
  });
  await eventually(() => expect(caughtUp).toBe(true));
  const feedback = author.sign({ kind: 7000, tags: [['e', JOB]] });
  await client.publish(feedback);
  await client.publish(author.sign({ kind: 7000, tags: [['e', 'b'.repeat(64)]] }));
  await eventually(() => expect(heard).toEqual([feedback.id]));
  await expect(client.publish(author.sign({ created_at: nowSeconds() + 5_000 }))).rejects.toThrow(
    'invalid: created_at is too far in the future',
  );
  const closed = new Promise<void>((resolve) => {
    client.onclose = resolve;
  });
  await relay.close();
  await closed;
});

function ids(events: readonly NostrEvent[]): string[] {
  return events.map((event) => event.id);
}
