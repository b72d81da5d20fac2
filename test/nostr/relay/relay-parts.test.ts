import fc from 'fast-check';
import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilter } from 'nostr-tools/filter';
import { describe, expect, it } from 'vitest';
import { type Clock, createFakeClock, systemClock } from '../../../src/clock.ts';
import { plainName } from '../../../src/model/text.ts';
import { createLink, type Link } from '../../../src/nostr/relay/link.ts';
import { createPager, type History } from '../../../src/nostr/relay/pager.ts';
import { createRecentSet } from '../../../src/nostr/relay/recent-set.ts';
import {
  addressProblem,
  binaryProblem,
  closedProblem,
  cutProblem,
  failureProblem,
  floodProblem,
  forgedProblem,
  loginProblem,
  malformedProblem,
  passedOverProblem,
  refusalProblem,
  silenceProblem,
} from '../../../src/nostr/relay/relay-problems.ts';
import { createSubscription } from '../../../src/nostr/relay/subscription.ts';
import { createVerificationQueue } from '../../../src/nostr/relay/verification-queue.ts';
import { undeliveredProblem } from '../../../src/publish/nostr/tracker/problems.ts';
import { eventually } from '../../helpers/eventually.ts';
import { NOW, PROVIDER, unsigned } from '../../helpers/jobs.ts';
import { startStubRelay } from '../../helpers/stub-relay.ts';

const at = (created_at: number) => unsigned(PROVIDER, { created_at });

describe('the verification queue of a relay', () => {
  function queueWith(answer: (event: Event) => Promise<boolean>) {
    const clock = createFakeClock();
    const said: string[] = [];
    const queue = createVerificationQueue({
      clock,
      verify: answer,
      pause: () => void said.push('pause'),
      resume: () => void said.push('resume'),
      forged: () => void said.push('forged'),
    });
    return { clock, said, queue };
  }

  it('keeps the order, whenever the verdicts come', async () => {
    const verdicts = new Map<string, (genuine: boolean) => void>();
    const { queue, said } = queueWith((event) => new Promise((resolve) => verdicts.set(event.id, resolve)));
    const [first, second, third] = [at(1), at(2), at(3)];
    const handedOn: string[] = [];
    for (const event of [first, second, third]) queue.put(event, ({ id }) => void handedOn.push(id));
    const done = new Promise<void>((resolve) => queue.afterwards(resolve));
    verdicts.get(third.id)?.(true);
    verdicts.get(second.id)?.(false);
    verdicts.get(first.id)?.(true);
    await done;
    expect(handedOn).toEqual([first.id, third.id]);
    expect(said).toEqual(['forged']);
  });

  it('makes the relay wait while a thousand are under way, and calls it a flood when that lasts', async () => {
    const waiting: ((genuine: boolean) => void)[] = [];
    const { clock, queue, said } = queueWith(() => new Promise((resolve) => waiting.push(resolve)));
    const put = (count: number) => {
      for (let index = 0; index < count; index += 1) queue.put(at(index), () => {});
    };
    const settle = async (count: number) => {
      for (const resolve of waiting.splice(0, count)) resolve(true);
      await new Promise(setImmediate);
    };

    put(1_000);
    expect([said, queue.isPaused, queue.isFlooded]).toEqual([['pause'], true, false]);
    await settle(749);
    expect(said).toEqual(['pause']);
    await settle(1);
    expect([said, queue.isPaused]).toEqual([['pause', 'resume'], false]);

    clock.advance(5_000);
    put(750);
    expect(queue.isFlooded).toBe(true);
    await settle(1_000);
    expect([said, queue.isFlooded]).toEqual([['pause', 'resume', 'pause', 'resume'], false]);
  });
});

describe('a subscription', () => {
  function subscriptionWith(
    history: History = { most: 1_000 },
    filters: Filter[] = [{ kinds: [1], limit: 500 }, { kinds: [7] }],
  ) {
    const clock = createFakeClock(NOW * 1000);
    const said: unknown[] = [];
    const say = (message: readonly unknown[]) => void said.push(message);
    const subscription = createSubscription({ id: 't1', filters, history, clock, say });
    subscription.send();
    return { clock, subscription, said };
  }

  it('that was refused is made again after a while, and later each time', () => {
    const { clock, subscription, said } = subscriptionWith();
    subscription.refused('t1', plainName('error: broken'));
    expect([subscription.state, subscription.refusal]).toEqual(['refused', 'error: broken']);
    clock.advance(20_000);
    expect(said).toHaveLength(2);
    subscription.refused('t1', plainName('error: broken'));
    clock.advance(19_999);
    expect(said).toHaveLength(2);
    clock.advance(20_001);
    expect(said).toHaveLength(3);
    subscription.pageDone('t1', []);
    expect(subscription.refusal).toBeNull();
  });

  it('that is refused over and over has one timer, and is not made more often for it', () => {
    for (const reason of ['blocked: no', 'rate-limited: slow down', 'auth-required: who?', '']) {
      const { clock, subscription, said } = subscriptionWith();
      for (let count = 0; count < 1_000; count += 1) subscription.refused('t1', plainName(reason));
      clock.advance(5_000);
      expect(said.length, reason).toBeLessThanOrEqual(4);
      for (let count = 0; count < 1_000; count += 1) subscription.refused('t1', plainName(reason));
      clock.advance(60_000);
      expect(said.length, reason).toBeLessThanOrEqual(8);
    }
  });

  it('is made again soon where the relay is busy, before that counts as a refusal', () => {
    const { clock, subscription, said } = subscriptionWith();
    for (const waitMs of [1_000, 2_000, 4_000]) {
      subscription.refused('t1', plainName('rate-limited: slow down'));
      expect([subscription.state, subscription.refusal]).toEqual(['asked', null]);
      clock.advance(waitMs);
    }
    expect(said).toHaveLength(4);
    subscription.refused('t1', plainName('rate-limited: slow down'));
    expect(subscription.state).toBe('refused');
  });

  it('is made again at once where its time at the relay was up', () => {
    const { clock, subscription, said } = subscriptionWith();
    subscription.pageDone('t1', []);
    subscription.caughtUp();
    clock.advance(60_000);
    subscription.refused('t1', plainName('closed: idle for a minute'));
    clock.advance(0);
    expect([subscription.state, subscription.refusal, said.length]).toEqual(['asked', null, 2]);
  });

  it('counts as refused where its time is always up at once', () => {
    const { clock, subscription, said } = subscriptionWith();
    for (let count = 0; count < 10; count += 1) {
      subscription.pageDone('t1', []);
      subscription.caughtUp();
      subscription.refused('t1', plainName('error: subscription ended'));
      clock.advance(1_000);
    }
    expect([subscription.state, subscription.refusal, said.length]).toEqual([
      'refused',
      'error: subscription ended',
      4,
    ]);
  });

  it('reads pages under ids of their own, and counts each answer once', () => {
    const { subscription, said } = subscriptionWith();
    for (const stamp of [90, 80]) subscription.accepts(at(stamp), 't1');
    expect(subscription.pageDone('t1', [])).toBe(false);
    expect(said.at(-1)).toEqual(['REQ', 't1:1', { kinds: [1], limit: 500, until: 80 }, { kinds: [7] }]);
    expect(subscription.pageDone('t1', [])).toBe(false);
    subscription.accepts(at(70), 't1:1');
    expect(subscription.pageDone('t1:1', [])).toBe(false);
    expect(said.slice(-2)).toEqual([
      ['CLOSE', 't1:1'],
      ['REQ', 't1:2', { kinds: [1], limit: 500, until: 70 }, { kinds: [7] }],
    ]);
    expect(subscription.pageDone('t1:1', [])).toBe(false);
    expect(subscription.pageDone('t1:2', [])).toBe(true);
    expect(said.at(-1)).toEqual(['CLOSE', 't1:2']);
    expect(subscription.isCut).toBe(false);
  });

  it('asks for a refused page again where the relay is busy, else takes what it has and says so', () => {
    const { clock, subscription, said } = subscriptionWith();
    subscription.accepts(at(90), 't1');
    subscription.pageDone('t1', []);
    expect(subscription.refused('t1:1', plainName('rate-limited: slow down'))).toBe(false);
    clock.advance(1_000);
    expect(said.slice(-1)).toEqual([['REQ', 't1:1', { kinds: [1], limit: 500, until: 90 }, { kinds: [7] }]]);
    expect(subscription.refused('t1:1', plainName('error: too deep'))).toBe(true);
    expect(subscription.isCut).toBe(true);
  });

  it('hears live events of any stamp, before and after a break', () => {
    const { subscription, said } = subscriptionWith({ most: 10, since: NOW });
    expect(subscription.accepts(at(NOW - 1), 't1')).toBe(false);
    subscription.pageDone('t1', []);
    subscription.pageDone('t1:1', []);
    subscription.caughtUp();
    expect(subscription.accepts(at(1), 't1')).toBe(true);
    subscription.delivered(at(NOW + 1_000_000));
    subscription.disconnected();
    subscription.send();
    expect(said.at(-1)).toEqual(['REQ', 't1', { kinds: [1], limit: 100 }, { kinds: [7] }]);
    subscription.pageDone('t1', []);
    expect(subscription.accepts(at(2), 't1')).toBe(true);
  });

  it('reads back after a break to two minutes before the last event, never from the future', () => {
    for (const stamp of [NOW, NOW + 1_000_000]) {
      const { subscription, said } = subscriptionWith({ most: 1_000 }, [{ kinds: [1], limit: 2 }]);
      subscription.pageDone('t1', []);
      subscription.caughtUp();
      subscription.delivered(at(stamp));
      subscription.disconnected();
      subscription.send();
      for (const newer of [NOW, NOW - 100]) subscription.accepts(at(newer), 't1');
      expect(subscription.pageDone('t1', [])).toBe(false);
      for (const older of [NOW - 119, NOW - 120]) subscription.accepts(at(older), 't1:1');
      expect(subscription.pageDone('t1:1', [])).toBe(true);
      expect(said.at(-1)).toEqual(['CLOSE', 't1:1']);
    }
  });
});

describe('paging', () => {
  it('ends at the age and at the number of events it was given', () => {
    const old = createPager([{ kinds: [1], limit: 1 }], { most: 9, notBefore: 50 });
    old.saw(at(50));
    expect(old.next()).toBeNull();
    expect(old.isCut).toBe(false);

    const few = createPager([{ kinds: [1], limit: 1 }], { most: 2 });
    few.saw(at(90));
    expect(few.next()).toEqual([{ kinds: [1], limit: 1, until: 90 }]);
    few.saw(at(80));
    expect(few.next()).toBeNull();
    expect(few.isCut).toBe(true);
  });

  it('ends where the relay says that it has sent all (NIP-67), and goes on where it says that it has not', () => {
    const finished = createPager([{ kinds: [1] }], { most: 100 });
    finished.saw(at(90));
    expect(finished.next(['finish'])).toBeNull();
    expect(finished.isCut).toBe(false);

    const more = createPager([{ kinds: [1] }], { most: 100 });
    for (const stamp of [90, 80]) more.saw(at(stamp));
    more.next();
    more.saw(at(80));
    expect(more.next(['more', 'unknown'])).toEqual([{ kinds: [1], until: 80 }]);
  });

  it('ends where all that was asked for by its id has come', () => {
    const wanted = at(90);
    const pager = createPager([{ ids: [wanted.id] }], { most: 100 });
    pager.saw(wanted);
    expect(pager.next()).toBeNull();
  });

  it('is not led astray by a relay that knows no `until`', () => {
    const pager = createPager([{ kinds: [1] }], { most: 100 });
    const all = [at(90), at(80), at(70)];
    const pages = (function* () {
      for (let next: Filter[] | null = []; next; next = pager.next()) yield all.map(pager.saw);
    })();
    expect([...pages]).toHaveLength(2);
  });

  /** A relay that gives at most `cap` events: of each filter, or of all of them together. */
  const serve = (stored: readonly Event[], filters: readonly Filter[], cap: number, isShared: boolean) => {
    const newest = stored.toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1));
    const found = filters.map((filter) =>
      newest.filter((event) => matchFilter(filter, event)).slice(0, Math.min(cap, filter.limit ?? cap)),
    );
    const all = [...new Set(found.flat())];
    return isShared ? all.slice(0, cap) : all;
  };

  it('finds all that a relay has, whatever its cap, or says that it may not have', () => {
    const stamps = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
    const property = fc.property(
      stamps,
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      (all, cap, isShared) => {
        const kinds = [1, 7];
        const stored = all.map((stamp, index) =>
          unsigned(PROVIDER, { created_at: stamp, kind: kinds[index % 2] as number }),
        );
        const filters = kinds.map((kind) => ({ kinds: [kind], limit: 500 }));
        const pager = createPager(filters, { most: 10_000 });
        const seen = new Set<string>();
        let crowd = 0;
        for (let page: Filter[] | null = filters; page; page = pager.next()) {
          for (const event of serve(stored, page, cap, isShared)) {
            pager.saw(event);
            seen.add(event.id);
          }
        }
        for (const { created_at: stamp, kind } of stored) {
          const same = stored.filter(
            (other) => other.created_at === stamp && (isShared || other.kind === kind),
          );
          crowd = Math.max(crowd, same.length);
        }
        const isAll = seen.size === stored.length;
        if (crowd < cap) expect({ isAll, isCut: pager.isCut }).toEqual({ isAll: true, isCut: false });
      },
    );
    // A filter that waits for its turn has stepped over nothing.
    fc.assert(property, { numRuns: 500, examples: [[[18, 1, 18, 1], 3, true]] });
  });

  it('says so where more came within a second than the relay gives at a time', () => {
    const stored = Array.from({ length: 30 }, (_, index) => at(index < 20 ? 90 : 80 - index));
    const pager = createPager([{ kinds: [1] }], { most: 10_000 });
    const seen = new Set<string>();
    for (let page: Filter[] | null = [{ kinds: [1] }]; page; page = pager.next()) {
      for (const event of serve(stored, page, 7, false)) {
        pager.saw(event);
        seen.add(event.id);
      }
    }
    expect([seen.size, pager.isCut]).toEqual([17, true]);
  });
});

describe('the back-off of a link', () => {
  /** The delays before each new attempt at a relay that ends each connection; `isUseful`: after a useful answer. */
  async function delaysOf(attempts: number, isUseful: boolean): Promise<number[]> {
    await using relay = await startStubRelay({ greet: (say) => say(['NOTICE', 'hello']) });
    const delays: number[] = [];
    const clock: Clock = {
      ...systemClock,
      after(delayMs, action) {
        const isRetry = delayMs >= 1_000 && delayMs <= 60_000;
        if (isRetry) delays.push(delayMs);
        return systemClock.after(isRetry ? 0 : delayMs, action);
      },
    };
    const link: Link = createLink(relay.url, {
      clock,
      times: { connectMs: 100_000, pingMs: 500, closeMs: 100 },
      listener: {
        opened() {},
        frame() {
          if (isUseful) link.worked();
          relay.drop();
        },
        passedOver() {},
        ended() {},
        delayed() {},
      },
    });
    await eventually(() => expect(delays.length).toBeGreaterThanOrEqual(attempts));
    await link.close();
    return delays.slice(0, attempts);
  }

  it('starts anew after a connection that worked, as often as somebody restarts a relay', async () => {
    for (const delayMs of await delaysOf(12, true)) expect(delayMs).toBeLessThanOrEqual(2_000);
  });

  it('grows where nothing useful comes, or where that goes on and on', async () => {
    expect((await delaysOf(12, false)).at(-1)).toBeGreaterThanOrEqual(30_000);
    expect((await delaysOf(30, true)).at(-1)).toBeGreaterThanOrEqual(30_000);
  });
});

it('what is wrong with a relay is told without the secrets of its address', () => {
  const url = 'wss://user:SECRET@relay.example/path?key=SECRET#SECRET';
  const words = plainName('no');
  const told = [
    ...[addressProblem(url), binaryProblem(url), cutProblem(url), floodProblem(url), forgedProblem(url)],
    ...[closedProblem(url, 1006, ''), failureProblem(url, new Error('failed')), loginProblem(url, null)],
    ...[malformedProblem(url, 'down'), passedOverProblem(url, 'down'), refusalProblem(url, words)],
    ...(['connect', 'ping', 'request'] as const).map((after) => silenceProblem(url, after)),
    undeliveredProblem(url, 'no'),
  ];
  for (const { message } of told) expect(message).not.toContain('SECRET');
});

describe('the recent set', () => {
  it('keeps the last ones, and not many more', () => {
    const recent = createRecentSet<number>(10);
    for (let item = 0; item < 100; item += 1) recent.add(item);
    const kept = Array.from({ length: 100 }, (_, item) => item).filter(recent.has);
    expect(kept.at(-1)).toBe(99);
    expect(kept.slice(-10)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
    expect(kept.length).toBeLessThanOrEqual(20);
  });
});
