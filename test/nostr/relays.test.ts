import { once } from 'node:events';
import { createServer } from 'node:http';
import { verifyEvent } from 'nostr-tools/pure';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createRelays } from '../../src/nostr/relays.ts';
import { createSigner } from '../../src/nostr/signer.ts';
import { createVerifier } from '../../src/nostr/verify.ts';
import { createRelay } from '../../src/relay/create-relay.ts';
import { keyPair, signed } from '../helpers/events.ts';
import { eventually } from '../helpers/eventually.ts';
import { openGate } from '../helpers/gate.ts';
import { publishTo } from '../helpers/relay-client.ts';
import { silent, startMuteServer, startStubRelay, wellBehaved } from '../helpers/stub-relay.ts';
import { watchRelays } from '../helpers/watch-relays.ts';

const { secretKey } = keyPair(1);
const nowSeconds = () => Math.floor(Date.now() / 1000);
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);

describe('a pool of relays', () => {
  it('hands on an event of two relays once', async () => {
    await using one = await startStubRelay();
    await using two = await startStubRelay();
    await using watch = watchRelays([one.url, two.url]);
    await eventually(() => expect(watch.caughtUp.toSorted()).toEqual([one.url, two.url].toSorted()));
    const [both, last] = [signed(secretKey, { content: 'both' }), signed(secretKey, { content: 'last' })];
    one.say(['EVENT', 't1', both]);
    two.say(['EVENT', 't1', both]);
    two.say(['EVENT', 't1', last]);
    await eventually(() => expect(ids(watch.events).toSorted()).toEqual([both.id, last.id].toSorted()));
  });

  it('says that a relay has caught up after all that it had stored', async () => {
    const stored = Array.from({ length: 50 }, (_, index) => signed(secretKey, { content: String(index) }));
    await using relay = await startStubRelay({
      behave([type, id], say) {
        if (type !== 'REQ') return;
        for (const event of stored) say(['EVENT', id, event]);
        say(['EOSE', id]);
      },
    });
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.caughtUp).toEqual([relay.url]));
    expect(ids(watch.events)).toEqual(ids(stored));
    expect(watch.peer().status).toBe('live');
  });

  it('ignores what was not asked for, and what is false', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.caughtUp).toHaveLength(1));
    const right = signed(secretKey, { content: 'right' });
    relay.say(['EVENT', 't1', signed(secretKey, { kind: 7 })]);
    relay.say(['EVENT', 'another', signed(secretKey, { content: 'not for us' })]);
    relay.say(['EVENT', 't1', { ...right, sig: signed(secretKey).sig }]);
    relay.say(['EVENT', 't1', right]);
    await eventually(() => expect(ids(watch.events)).toEqual([right.id]));
    expect(watch.trouble()).toBe(`${relay.url} sends events with false signatures: ignored`);
  });

  it('serves two subscriptions the same event, and ends one without the other', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays([relay.url]);
    const heard: string[] = [];
    const end = watch.relays.subscribe([{ kinds: [1] }], {
      event: (event) => heard.push(event.id),
      caughtUp() {},
    });
    await eventually(() => expect(relay.received).toHaveLength(2));
    const event = signed(secretKey);
    relay.say(['EVENT', 't1', event]);
    relay.say(['EVENT', 't2', event]);
    await eventually(() => expect([heard, ids(watch.events)]).toEqual([[event.id], [event.id]]));
    end();
    await eventually(() => expect(relay.received.at(-1)).toEqual(['CLOSE', 't2']));
  });

  it('reads a store page by page, as far back as it was told', async () => {
    const relay = await createRelay({ clock: systemClock });
    const events = Array.from({ length: 1_200 }, (_, index) =>
      signed(secretKey, { content: String(index), created_at: nowSeconds() - Math.floor(index / 7) }),
    );
    await publishTo(relay.url, events);
    await using one = watchRelays([relay.url], {
      filters: [{ kinds: [1], limit: 500 }],
      history: { most: 500 },
    });
    await using all = watchRelays([relay.url], {
      filters: [{ kinds: [1], limit: 500 }],
      history: { most: 2_000 },
      times: { answerMs: 60_000 },
    });
    await eventually(() => expect([one.caughtUp.length, all.caughtUp.length]).toEqual([1, 1]));
    expect(one.events).toHaveLength(500);
    expect(new Set(ids(all.events))).toEqual(new Set(ids(events)));
    await relay.close();
  });
});

describe('a relay that comes and goes', () => {
  it('is found when it appears later', async () => {
    await using relay = await startStubRelay();
    await using gate = await openGate(relay.port);
    await gate.shut();
    const url = `ws://127.0.0.1:${gate.port}`;
    await using watch = watchRelays([url]);
    await eventually(() => expect(watch.trouble()).toBe(`${url}: nothing is listening there`));
    expect(watch.peer().status).toBe('down');
    await gate.unlock();
    await eventually(() => expect(watch.caughtUp).toEqual([url]));
    expect(watch.peer()).toMatchObject({ status: 'live', problem: null });
  });

  it('is asked again, and the other relay for nothing', async () => {
    await using steady = await startStubRelay();
    await using restless = await startStubRelay();
    await using watch = watchRelays([steady.url, restless.url], { filters: [{ kinds: [1], limit: 9 }] });
    await eventually(() => expect(watch.caughtUp).toHaveLength(2));
    restless.say(['EVENT', 't1', signed(secretKey, { created_at: nowSeconds() - 1_000 })]);
    await eventually(() => expect(watch.events).toHaveLength(1));

    restless.drop();
    await eventually(() => expect(watch.caughtUp).toHaveLength(3));
    expect(restless.received).toEqual([
      ['REQ', 't1', { kinds: [1], limit: 9 }],
      ['REQ', 't1', { kinds: [1], limit: 9 }],
    ]);
    expect(steady.received).toEqual([['REQ', 't1', { kinds: [1], limit: 9 }]]);
  });

  it('is heard whatever its events are stamped, also after a break: clocks are slow', async () => {
    const relay = await createRelay({ clock: systemClock });
    await using gate = await openGate(relay.port);
    await using watch = watchRelays([`ws://127.0.0.1:${gate.port}`], {
      filters: [{ kinds: [1], limit: 500 }],
    });
    await eventually(() => expect(watch.caughtUp).toHaveLength(1));
    const event = (content: string, secondsAgo: number) =>
      signed(secretKey, { content, created_at: nowSeconds() - secondsAgo });
    const [now, away, slow] = [event('now', 0), event('while away', 86_400), event('slow', 3_600)];
    await publishTo(relay.url, [now]);
    await eventually(() => expect(watch.events).toHaveLength(1));
    await gate.shut();
    await publishTo(relay.url, [away]);
    await gate.unlock();
    await eventually(() => expect(watch.caughtUp).toHaveLength(2));
    await publishTo(relay.url, [slow]);
    await eventually(() => expect(ids(watch.events)).toEqual([now.id, away.id, slow.id]));
    await relay.close();
  });

  it('is asked again for everything if it had not caught up', async () => {
    const event = signed(secretKey, { created_at: nowSeconds() });
    let connections = 0;
    await using relay = await startStubRelay({
      behave(message, say) {
        connections += 1;
        say(['EVENT', message[1], event]);
        if (connections > 1) wellBehaved(message, say);
      },
    });
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.events).toHaveLength(1));
    relay.drop();
    await eventually(() => expect(watch.caughtUp).toHaveLength(1));
    expect(relay.received[1]).toEqual(['REQ', 't1', { kinds: [1] }]);
  });

  it('can not be silenced by an event from the future', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.caughtUp).toHaveLength(1));
    const future = signed(secretKey, { created_at: nowSeconds() + 1_000_000 });
    relay.say(['EVENT', 't1', future]);
    relay.say(['EVENT', 't1', { ...future, created_at: future.created_at * 2 }]);
    await eventually(() => expect(watch.events).toHaveLength(1));
    relay.drop();
    await eventually(() => expect(watch.caughtUp).toHaveLength(2));
    const event = signed(secretKey, { created_at: nowSeconds() });
    relay.say(['EVENT', 't1', event]);
    await eventually(() => expect(watch.events.at(-1)?.id).toBe(event.id));
  });

  it('loses no event that was published while it was away', async () => {
    const relay = await createRelay({ clock: systemClock });
    await using gate = await openGate(relay.port);
    await using watch = watchRelays([`ws://127.0.0.1:${gate.port}`]);
    await eventually(() => expect(watch.caughtUp).toHaveLength(1));
    const event = (content: string) => signed(secretKey, { content, created_at: nowSeconds() });
    const [before, during, after] = [event('before'), event('during'), event('after')];
    await publishTo(relay.url, [before]);
    await eventually(() => expect(watch.events).toHaveLength(1));
    await gate.shut();
    await publishTo(relay.url, [during]);
    await gate.unlock();
    await eventually(() => expect(watch.caughtUp).toHaveLength(2));
    await publishTo(relay.url, [after]);
    await eventually(() => expect(ids(watch.events)).toEqual([before.id, during.id, after.id]));
    await relay.close();
  });

  it('is missed within seconds when its end of the line is dead', async () => {
    await using relay = await startStubRelay();
    await using gate = await openGate(relay.port);
    const url = `ws://127.0.0.1:${gate.port}`;
    await using watch = watchRelays([url]);
    await eventually(() => expect(watch.peer().delayMs).not.toBeNull());
    gate.freeze();
    await eventually(() => expect(watch.trouble()).toBe(`${url} fell silent: it no longer answers pings`));
    expect(watch.peer()).toMatchObject({ status: 'down', delayMs: null });
    await eventually(() => expect(watch.peer().status).toBe('live'));
  });
});

describe('a relay that misbehaves is told in one line, and the rest goes on', () => {
  it('answers like a web server', async () => {
    const http = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const url = `ws://127.0.0.1:${(http.address() as { port: number }).port}/path`;
    await using watch = watchRelays([url]);
    await eventually(() => expect(watch.trouble()).toBe(`${url} answers HTTP 404`));
    http.closeAllConnections();
    http.close();
  });

  it('never finishes the handshake', async () => {
    await using mute = await startMuteServer();
    await using relay = await startStubRelay();
    await using watch = watchRelays([mute.url, relay.url]);
    await eventually(() => expect(watch.trouble(0)).toBe(`${mute.url}: no answer`));
    expect(watch.peer(1).status).toBe('live');
  });

  it('takes the request and says nothing', async () => {
    await using relay = await startStubRelay({ behave: silent });
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.trouble()).toBe(`${relay.url} is connected, but does not answer`));
    expect(watch.peer().status).toBe('connecting');
    relay.say(['EOSE', 't1']);
    await eventually(() => expect(watch.peer()).toMatchObject({ status: 'live', problem: null }));
  });

  it('says what is wrong to nobody in particular', async () => {
    await using relay = await startStubRelay({ behave: (_, say) => say(['NOTICE', 'too many filters']) });
    await using watch = watchRelays([relay.url]);
    await eventually(() =>
      expect(watch.trouble()).toBe(`${relay.url} is connected, but does not answer: too many filters`),
    );
  });

  it('never says that it has sent all: it has, when it pauses', async () => {
    const event = signed(secretKey);
    await using relay = await startStubRelay({ behave: ([, id], say) => say(['EVENT', id, event]) });
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.caughtUp).toEqual([relay.url]));
    expect(watch.peer()).toMatchObject({ status: 'live', problem: null });
  });

  it('says what is no relay’s message: borne for a while, then cut off', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.peer().status).toBe('live'));
    relay.say('hello');
    await eventually(() =>
      expect(watch.trouble()).toBe(`${relay.url} sends something that is not a relay message`),
    );
    expect(watch.peer().status).toBe('live');
    for (let count = 0; count < 100; count += 1) relay.say('{}');
    await eventually(() => expect(watch.peer().status).toBe('down'));
    await eventually(() => expect(relay.connections).toBe(2));
  });

  it('sends a message that is too long, which hides nothing else', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.peer().status).toBe('live'));
    relay.say(`["NOTICE","${'x'.repeat(4 * 1024 * 1024)}"]`);
    await eventually(() =>
      expect(watch.trouble()).toBe(`${relay.url} sent a message of more than 4 MiB: skipped`),
    );
    const event = signed(secretKey);
    relay.say(['EVENT', 't1', event]);
    await eventually(() => expect(ids(watch.events)).toEqual([event.id]));
    expect([watch.peer().status, relay.connections]).toEqual(['live', 1]);
  });

  it('sends a message that is far too long', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.peer().status).toBe('live'));
    relay.say(`["NOTICE","${'x'.repeat(32 * 1024 * 1024)}"]`);
    await eventually(() =>
      expect(watch.trouble()).toBe(`${relay.url} sent a message of more than 32 MiB: disconnected`),
    );
  });

  it('sends binary data', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.peer().status).toBe('live'));
    relay.say(Buffer.from([1, 2, 3]));
    await eventually(() => expect(watch.trouble()).toBe(`${relay.url} sends binary data: not a relay`));
  });

  it('ends the connection with a reason', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.peer().status).toBe('live'));
    relay.drop(4_000);
    await eventually(() => expect(watch.trouble()).toBe(`${relay.url} ended the connection (code 4000)`));
  });

  it('closes the subscription', async () => {
    await using relay = await startStubRelay({
      behave: ([type, id], say) => type === 'REQ' && say(['CLOSED', id, 'blocked: go away']),
    });
    await using watch = watchRelays([relay.url]);
    await eventually(() =>
      expect(watch.trouble()).toBe(`${relay.url} refuses the subscription: blocked: go away`),
    );
    expect(watch.peer().status).toBe('down');
  });

  it('floods, and does not keep another relay’s event from coming through', async () => {
    const flood = Array.from({ length: 200 }, (_, index) => signed(secretKey, { content: String(index) }));
    await using noisy = await startStubRelay();
    await using quiet = await startStubRelay();
    await using watch = watchRelays([noisy.url, quiet.url]);
    await eventually(() => expect(watch.caughtUp).toHaveLength(2));
    for (const event of flood) noisy.say(['EVENT', 't1', event]);
    for (const event of flood) {
      const forged = (content: string) => ({ ...event, content });
      for (let copy = 0; copy < 20; copy += 1) noisy.say(['EVENT', 't1', forged(`forged ${copy}`)]);
    }
    const event = signed(secretKey, { content: 'quiet' });
    quiet.say(['EVENT', 't1', event]);
    await eventually(() => expect(ids(watch.events)).toContain(event.id));
    await eventually(() => expect(watch.events).toHaveLength(201));
  });

  it('has an address that is none', async () => {
    await using relay = await startStubRelay();
    await using watch = watchRelays(['relay.example', 'http://127.0.0.1:1', relay.url]);
    await eventually(() => expect(watch.peer(2).status).toBe('live'));
    expect([watch.trouble(0), watch.trouble(1)]).toEqual([
      'not a relay address: relay.example',
      'not a relay address: http://127.0.0.1:1',
    ]);
  });

  it('is never shown with the password in its address', async () => {
    await using relay = await startStubRelay();
    await using gate = await openGate(relay.port);
    await using watch = watchRelays([`ws://user:secret@127.0.0.1:${gate.port}/`]);
    await eventually(() => expect(watch.peer().status).toBe('live'));
    await gate.shut();
    await eventually(() => expect(watch.trouble()).toContain(`ws://127.0.0.1:${gate.port}/`));
    expect(JSON.stringify(watch.relays.peers())).not.toContain('secret');
  });
});

describe('a relay that asks for a login', () => {
  const signer = createSigner(keyPair(7).secretKey);

  /** Serves only who has answered its challenge; `words` is how it says so. */
  const guarded = (words: string) => {
    let isLoggedIn = false;
    return startStubRelay({
      greet: (say) => say(['AUTH', 'challenge']),
      behave([type, subject], say) {
        const { id } = subject as { id: string };
        if (type === 'AUTH') {
          isLoggedIn = true;
          say(['OK', id, true, '']);
        } else if (isLoggedIn) wellBehaved([type, subject], say);
        else if (type === 'REQ') say(['CLOSED', subject, words]);
        else if (type === 'EVENT') say(['OK', id, false, words]);
      },
    });
  };

  it.each(['auth-required: who are you?', 'ERROR: auth-required: who are you?'])('%s', async (words) => {
    await using relay = await guarded(words);
    await using watch = watchRelays([relay.url], { signer });
    await eventually(() => expect(watch.caughtUp).toEqual([relay.url]));
    const login = relay.received.find(([type]) => type === 'AUTH')?.[1] as ReturnType<typeof signed>;
    expect(verifyEvent(login)).toBe(true);
    expect(login).toMatchObject({
      kind: 22242,
      pubkey: signer.pubkey,
      tags: [
        ['relay', relay.url],
        ['challenge', 'challenge'],
      ],
    });
    expect(await watch.relays.publish(signed(secretKey))).toMatchObject([{ accepted: true }]);
  });

  it('is left alone without a key', async () => {
    await using relay = await guarded('auth-required: who are you?');
    await using watch = watchRelays([relay.url]);
    await eventually(() => expect(watch.trouble()).toBe(`${relay.url} asks for a login`));
    expect(watch.peer().problem?.hint).toBe('taskglass key import');
    expect(await watch.relays.publish(signed(secretKey))).toMatchObject([
      { accepted: false, reason: 'auth-required: who are you?' },
    ]);
  });

  it('may refuse our key', async () => {
    await using relay = await startStubRelay({
      greet: (say) => say(['AUTH', 'challenge']),
      behave([type, subject], say) {
        if (type === 'REQ') say(['CLOSED', subject, 'auth-required: members only']);
        if (type === 'AUTH') say(['OK', (subject as { id: string }).id, false, 'restricted: no member']);
      },
    });
    await using watch = watchRelays([relay.url], { signer });
    await eventually(() =>
      expect(watch.trouble()).toBe(`${relay.url} does not accept the login with our key`),
    );
  });
});

describe('publishing', () => {
  const event = signed(secretKey);
  const answering = (accepted: boolean, reason: string) =>
    startStubRelay({
      behave([type, subject], say) {
        if (type === 'EVENT') say(['OK', (subject as { id: string }).id, accepted, reason]);
      },
    });

  it('reports what each relay answered, as it comes', async () => {
    await using yes = await answering(true, '');
    await using no = await answering(false, 'blocked: not you');
    await using known = await answering(false, 'duplicate: have it');
    await using mute = await startStubRelay({ behave: silent });
    const urls = [yes.url, no.url, known.url, mute.url, 'ws://127.0.0.1:1', 'nonsense'];
    await using watch = watchRelays(urls);
    const heard: string[] = [];
    const answers = await watch.relays.publish(event, { onAnswer: ({ relay }) => void heard.push(relay) });
    expect(answers).toEqual([
      { relay: yes.url, accepted: true, reason: '' },
      { relay: no.url, accepted: false, reason: 'blocked: not you' },
      { relay: known.url, accepted: true, reason: 'duplicate: have it' },
      { relay: mute.url, accepted: false, reason: 'no answer' },
      { relay: 'ws://127.0.0.1:1', accepted: false, reason: 'ws://127.0.0.1:1: nothing is listening there' },
      { relay: 'nonsense', accepted: false, reason: 'not a relay address' },
    ]);
    expect(heard.toSorted()).toEqual(urls.toSorted());
    expect(yes.received).toContainEqual(['EVENT', event]);
  });

  it('needs no subscription for a relay to be live', async () => {
    await using yes = await answering(true, '');
    const verifier = createVerifier({ clock: systemClock });
    const relays = createRelays({ urls: [yes.url], clock: systemClock, verifier });
    expect(await relays.publish(event)).toMatchObject([{ accepted: true }]);
    expect(relays.peers()).toMatchObject([{ status: 'live', problem: null }]);
    await relays.close();
    await verifier.close();
  });

  it('can be called off', async () => {
    await using mute = await startStubRelay({ behave: silent });
    await using watch = watchRelays([mute.url], { times: { answerMs: 60_000 } });
    const controller = new AbortController();
    const answers = watch.relays.publish(event, { signal: controller.signal });
    await eventually(() => expect(mute.received).toContainEqual(['EVENT', event]));
    controller.abort();
    expect(await answers).toMatchObject([{ accepted: false, reason: 'called off' }]);
  });

  it('ends when the relays are closed', async () => {
    await using mute = await startStubRelay({ behave: silent });
    await using watch = watchRelays([mute.url], { times: { answerMs: 60_000 } });
    const answers = watch.relays.publish(event);
    await eventually(() => expect(mute.received).toContainEqual(['EVENT', event]));
    await watch.relays.close();
    expect(await answers).toMatchObject([{ accepted: false, reason: 'closed' }]);
  });
});
