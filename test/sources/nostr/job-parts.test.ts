import type { Filter } from 'nostr-tools/filter';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import type { Peer, SourceEvent } from '../../../src/model/event.ts';
import { problem } from '../../../src/model/problem.ts';
import { type PlainText, words } from '../../../src/model/text.ts';
import { decodeFeedback } from '../../../src/nostr/nip90/decode-feedback.ts';
import { decodeRequest } from '../../../src/nostr/nip90/decode-request.ts';
import type { SubscriptionHandlers } from '../../../src/nostr/relays.ts';
import { createFollower } from '../../../src/sources/nostr/jobs/follower.ts';
import { problemOf } from '../../../src/sources/nostr/jobs/health.ts';
import { createHealthReporter } from '../../../src/sources/nostr/jobs/health-reporter.ts';
import { unknownJob, withFeedback, withRequest } from '../../../src/sources/nostr/jobs/job.ts';
import { createJobCache } from '../../../src/sources/nostr/jobs/job-cache.ts';
import { feedback, PROVIDER, requestFor } from '../../helpers/jobs.ts';

const peer = (status: Peer['status'], trouble: PlainText | null = null): Peer => ({
  where: words`ws://x`,
  status,
  delayMs: null,
  problem: trouble === null ? null : problem('unreachable', 'down', trouble),
});

describe('the cache of jobs', () => {
  const job = (index: number, status: string) => {
    const request = { ...requestFor(), id: index.toString(16).padStart(64, '0') };
    const known = withRequest(unknownJob(request.id), decodeRequest(request), request);
    const report = decodeFeedback(feedback(PROVIDER, request.id, status));
    return report ? withFeedback(known, report) : known;
  };

  it('makes room by dropping the oldest that have ended, then the oldest', () => {
    const cache = createJobCache(200);
    for (let index = 0; index < 200; index += 1) {
      expect(cache.put(job(index, index % 100 === 50 ? 'success' : 'processing'))).toEqual([]);
    }
    expect(cache.hasOverflowed).toBe(false);
    const gone = (ids: readonly string[]) => ids.map((id) => Number.parseInt(id, 16));
    expect(gone(cache.put(job(200, 'processing')))).toEqual([50, 150]);
    cache.put(job(201, 'processing'));
    expect(gone(cache.put(job(202, 'processing')))).toEqual([0, 1]);
    expect(cache.hasOverflowed).toBe(true);
    expect([...cache.all()]).toHaveLength(199);
  });
});

describe('the follower', () => {
  function followerWith(options: { isOpen?: (id: string) => boolean } = {}) {
    const clock = createFakeClock();
    const open: { filters: readonly Filter[]; handlers: SubscriptionHandlers; ended: boolean }[] = [];
    const searched: string[][] = [];
    const follower = createFollower({
      clock,
      relays: {
        subscribe(filters, handlers) {
          const subscription = { filters, handlers, ended: false };
          open.push(subscription);
          return () => {
            subscription.ended = true;
          };
        },
        peers: () => [peer('live'), peer('live'), peer('down', words`gone`)],
      },
      isKnown: (id) => id === 'known',
      isOpen: options.isOpen ?? (() => true),
      event() {},
      searched: (ids) => void searched.push([...ids]),
    });
    return { clock, follower, open, searched };
  }

  it('gathers ids, and asks for the requests that are not known', () => {
    const { clock, follower, open } = followerWith();
    follower.follow(['a', 'known']);
    follower.follow(['a', 'b']);
    expect(follower.isBusy).toBe(true);
    clock.advance(20);
    expect(open.map(({ filters }) => filters)).toEqual([
      [{ ids: ['a', 'b'] }, { '#e': ['a', 'known', 'b'], limit: 500 }],
    ]);
  });

  it('has searched when every reachable relay has answered, or has had its time', () => {
    const { clock, follower, open, searched } = followerWith();
    follower.follow(['a']);
    clock.advance(20);
    open[0]?.handlers.caughtUp('one');
    open[0]?.handlers.caughtUp('one');
    expect(searched).toEqual([]);
    open[0]?.handlers.caughtUp('two');
    expect([searched, follower.isBusy]).toEqual([[['a']], false]);

    follower.follow(['b']);
    clock.advance(100);
    clock.advance(3_000);
    expect([searched, follower.isBusy]).toEqual([[['a'], ['b']], false]);
  });

  it('keeps to few subscriptions: the newest unfinished jobs share one, once they were read', () => {
    const { clock, follower, open } = followerWith({ isOpen: (id) => id !== 'j3' });
    for (let index = 0; index < 9; index += 1) {
      follower.follow([`j${index}`]);
      clock.advance(1_000);
      open.at(-1)?.handlers.caughtUp('one');
      if (index !== 5) open.at(-1)?.handlers.caughtUp('two');
    }
    const alive = open.filter(({ ended }) => !ended).map(({ filters }) => filters);
    const read = ['j0', 'j1', 'j2', 'j4', 'j6', 'j7', 'j8'];
    expect(alive).toEqual([[{ ids: ['j5'] }, { '#e': ['j5'], limit: 500 }], [{ '#e': read, limit: 20 }]]);
    follower.close();
    expect(open.every(({ ended }) => ended)).toBe(true);
  });

  it('asks for four lists at a time', () => {
    const { clock, follower, open } = followerWith();
    follower.follow(Array.from({ length: 4_000 }, (_, index) => `j${index}`));
    clock.advance(2_000);
    expect(open).toHaveLength(4);
    for (const from of ['one', 'two']) open[0]?.handlers.caughtUp(from);
    clock.advance(900);
    expect(open).toHaveLength(5);
  });
});

describe('the health reporter of a Nostr source', () => {
  function healthWith() {
    const clock = createFakeClock();
    const told: SourceEvent[] = [];
    let peers: Peer[] = [peer('connecting'), peer('connecting')];
    let isBusy = false;
    let hear = () => {};
    const health = createHealthReporter({
      clock,
      relays: {
        peers: () => peers,
        onHealth(listener) {
          hear = listener;
          return () => {};
        },
      },
      isBusy: () => isBusy,
      trouble: () => null,
      tellAll: () => void told.push({ type: 'snapshot', revision: 0, tasks: [] }),
      tell: (event) => void told.push(event),
    });
    return {
      clock,
      health,
      /** What was told since the last call, without the health. */
      news: () => told.splice(0).flatMap((event) => (event.type === 'health' ? [] : [wordsOf(event)])),
      become(...next: Peer[]) {
        peers = next;
        hear();
      },
      work(busy: boolean) {
        isBusy = busy;
        health.check();
      },
    };
  }

  const wordsOf = (event: SourceEvent) =>
    event.type === 'problem' ? `${event.problem.severity}: ${event.problem.message}` : event.type;

  it('is a snapshot when the first relay has caught up, live when the others have', () => {
    const world = healthWith();
    expect(world.news()).toEqual([]);
    world.become(peer('live'), peer('connecting'));
    expect(world.news()).toEqual(['snapshot']);
    world.become(peer('live'), peer('live'));
    expect(world.news()).toEqual(['live']);
    world.health.check();
    expect(world.news()).toEqual([]);
  });

  it('waits for what is looked for, but not forever', () => {
    const world = healthWith();
    world.work(true);
    world.become(peer('live'), peer('connecting'));
    expect(world.news()).toEqual([]);
    world.clock.advance(3_000);
    expect(world.news()).toEqual(['snapshot', 'live']);
  });

  it('is a snapshot after five seconds, of a relay that has much to send', () => {
    const world = healthWith();
    world.clock.advance(5_000);
    expect(world.news()).toEqual(['snapshot']);
    world.become(peer('live'), peer('live'));
    expect(world.news()).toEqual(['live']);
  });

  it('is nothing while no relay can be reached', () => {
    const world = healthWith();
    world.become(peer('down', words`a`), peer('down', words`b`));
    world.clock.advance(60_000);
    expect(world.news()).toEqual(['down: none of 2 relays can be reached: a']);
  });

  it('is not held up by a relay that is down, and says so', () => {
    const world = healthWith();
    world.become(peer('live'), peer('down', words`nobody listens`));
    expect(world.news()).toEqual(['snapshot', 'live', 'degraded: 1 of 2 relays is down: nobody listens']);
    world.become(peer('live'), peer('live'));
    expect(world.news()).toEqual(['live']);
  });

  it('is down when all are, and live again when one is back', () => {
    const world = healthWith();
    world.become(peer('live'), peer('live'));
    world.news();
    world.become(peer('down', words`a`), peer('down', words`b`));
    expect(world.news()).toEqual(['down: none of 2 relays can be reached: a']);
    world.become(peer('connecting'), peer('down', words`b`));
    expect(world.news()).toEqual(['degraded: 1 of 2 relays is down: b']);
    world.become(peer('live'), peer('down', words`b`));
    expect(world.news()).toEqual(['live', 'degraded: 1 of 2 relays is down: b']);
  });
});

describe('the health of several relays', () => {
  it('is all well without relays in trouble', () => {
    expect(problemOf([])).toBeNull();
    expect(problemOf([peer('live'), peer('connecting')])).toBeNull();
  });

  it('names the trouble of one that is up', () => {
    expect(problemOf([peer('live'), peer('live', words`floods`)])?.message).toBe('floods');
  });

  it('is the relay’s own words if it is the only one', () => {
    expect(problemOf([peer('down', words`nobody listens`)])).toMatchObject({
      severity: 'down',
      message: 'nobody listens',
      hint: 'retrying',
    });
  });

  it('counts several that are down', () => {
    expect(problemOf([peer('down', words`x`), peer('down', words`y`), peer('live')])?.message).toBe(
      '2 of 3 relays are down: x',
    );
  });
});
