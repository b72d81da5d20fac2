import type { Event } from 'nostr-tools/core';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { plainName } from '../../../src/model/text.ts';
import { createDelivery } from '../../../src/sources/nostr/relay/delivery.ts';
import { createPager } from '../../../src/sources/nostr/relay/pager.ts';
import { createRecentSet } from '../../../src/sources/nostr/relay/recent-set.ts';
import { createRequest } from '../../../src/sources/nostr/relay/request.ts';
import { NOW, PROVIDER, unsigned } from '../../helpers/jobs.ts';

const at = (created_at: number) => unsigned(PROVIDER, { created_at });

describe('the delivery of a relay’s events', () => {
  function deliveryWith(answer: (event: Event) => Promise<boolean>) {
    const clock = createFakeClock();
    const said: string[] = [];
    const delivery = createDelivery({
      clock,
      isGenuine: answer,
      pause: () => void said.push('pause'),
      resume: () => void said.push('resume'),
      forged: () => void said.push('forged'),
    });
    return { clock, said, delivery };
  }

  it('keeps the order, whenever the verdicts come', async () => {
    const verdicts = new Map<string, (genuine: boolean) => void>();
    const { delivery, said } = deliveryWith(
      (event) => new Promise((resolve) => verdicts.set(event.id, resolve)),
    );
    const [first, second, third] = [at(1), at(2), at(3)];
    const handedOn: string[] = [];
    for (const event of [first, second, third]) delivery.put(event, ({ id }) => void handedOn.push(id));
    const done = new Promise<void>((resolve) => delivery.afterwards(resolve));
    verdicts.get(third.id)?.(true);
    verdicts.get(second.id)?.(false);
    verdicts.get(first.id)?.(true);
    await done;
    expect(handedOn).toEqual([first.id, third.id]);
    expect(said).toEqual(['forged']);
  });

  it('makes the relay wait while a thousand are under way, and calls it a flood when that lasts', async () => {
    const waiting: ((genuine: boolean) => void)[] = [];
    const { clock, delivery, said } = deliveryWith(() => new Promise((resolve) => waiting.push(resolve)));
    const put = (count: number) => {
      for (let index = 0; index < count; index += 1) delivery.put(at(index), () => {});
    };
    const settle = async (count: number) => {
      for (const resolve of waiting.splice(0, count)) resolve(true);
      await new Promise(setImmediate);
    };

    put(1_000);
    expect([said, delivery.isPaused, delivery.isFlooded]).toEqual([['pause'], true, false]);
    await settle(749);
    expect(said).toEqual(['pause']);
    await settle(1);
    expect([said, delivery.isPaused]).toEqual([['pause', 'resume'], false]);

    clock.advance(5_000);
    put(750);
    expect(delivery.isFlooded).toBe(true);
    await settle(1_000);
    expect([said, delivery.isFlooded]).toEqual([['pause', 'resume', 'pause', 'resume'], false]);
  });
});

describe('a request', () => {
  function requestWith(clock = createFakeClock(NOW * 1000)) {
    const said: unknown[] = [];
    const request = createRequest({
      id: 't1',
      filters: [
        { kinds: [1], limit: 2 },
        { kinds: [7], since: 5 },
      ],
      history: { pages: 3 },
      clock,
      say: (message) => void said.push(message),
    });
    request.send();
    return { clock, request, said };
  }

  it('that was refused is made again after a while, and later each time', () => {
    const { clock, request, said } = requestWith();
    request.refused(plainName('error: busy'));
    expect([request.state, request.refusal]).toEqual(['refused', 'error: busy']);
    clock.advance(20_000);
    expect(said).toHaveLength(2);
    request.refused(plainName('error: busy'));
    clock.advance(19_999);
    expect(said).toHaveLength(2);
    clock.advance(20_001);
    expect(said).toHaveLength(3);
    request.pageDone();
    expect(request.refusal).toBeNull();
  });

  it('turns the page while pages are full', () => {
    const { request, said } = requestWith();
    for (const stamp of [90, 80]) request.accepts(at(stamp));
    expect(request.pageDone()).toBe(false);
    expect(said.at(-1)).toEqual(['REQ', 't1:page', { kinds: [1], limit: 2, until: 80 }]);
    for (const stamp of [80, 80]) request.accepts(at(stamp));
    expect(request.pageDone()).toBe(false);
    expect(said.at(-1)).toEqual(['REQ', 't1:page', { kinds: [1], limit: 2, until: 79 }]);
    request.accepts(at(70));
    expect(request.pageDone()).toBe(true);
    expect(said.at(-1)).toEqual(['CLOSE', 't1:page']);
  });

  it('is made again from two minutes before the last event, never from the future, and keeps its own since', () => {
    const { request, said } = requestWith();
    request.caughtUp();
    request.delivered(at(NOW + 1_000_000));
    request.disconnected();
    request.send();
    const since = NOW - 120;
    expect(said.at(-1)).toEqual(['REQ', 't1', { kinds: [1], limit: 2, since }, { kinds: [7], since }]);
    const other = requestWith();
    other.request.caughtUp();
    other.request.delivered(at(100));
    other.request.send();
    expect(other.said.at(-1)).toEqual([
      'REQ',
      't1',
      { kinds: [1], limit: 2, since: 0 },
      { kinds: [7], since: 5 },
    ]);
  });
});

describe('paging', () => {
  it('ends at the age and at the number of pages it was given', () => {
    const old = createPager([{ kinds: [1], limit: 1 }], { pages: 9, notBefore: 50 });
    old.saw(at(50));
    expect(old.next()).toBeNull();

    const few = createPager([{ kinds: [1], limit: 1 }], { pages: 2 });
    few.saw(at(90));
    expect(few.next()).toEqual([{ kinds: [1], limit: 1, until: 90 }]);
    few.saw(at(80));
    expect(few.next()).toBeNull();
  });

  it('leaves filters without a limit alone', () => {
    const pager = createPager([{ kinds: [1] }], { pages: 9 });
    for (let count = 0; count < 1_000; count += 1) pager.saw(at(count));
    expect(pager.next()).toBeNull();
  });
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
