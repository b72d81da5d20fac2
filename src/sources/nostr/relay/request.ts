import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilters } from 'nostr-tools/filter';
import type { Clock } from '../../../clock.ts';
import type { PlainText } from '../../../model/text.ts';
import { createBackoff } from '../../backoff.ts';
import { createPager, type History, type Pager } from './pager.ts';

/** One subscription at one relay (NIP-01 REQ), asked for again on each new connection. */
export interface Request {
  readonly id: string;
  /** Asks the relay: for all of it on the first connection, then only for what came since. */
  send(): void;
  /** The connection is gone. */
  disconnected(): void;
  /** Is this an event that was asked for? Called for each that arrives. */
  accepts(event: Event): boolean;
  /** A genuine event was handed on. Not told of others: their stamps could be any. */
  delivered(event: Event): void;
  /** Has it sent events, but none since this was asked last? Then it won't say that these were all. */
  hasPaused(): boolean;
  /** The relay has sent a page of what it had stored; true if that was the last one. */
  pageDone(): boolean;
  /** All that was stored has been handed on. */
  caughtUp(): void;
  /** The relay ended the subscription: it is asked for again after a while. */
  refused(reason: PlainText): void;
  /** When the relay was asked last, by the clock's `monotonic`. */
  readonly askedAt: number;
  /** How the relay answers on this connection. */
  readonly state: 'asked' | 'answered' | 'caught-up' | 'refused';
  /** Why the relay does not serve it now. */
  readonly refusal: PlainText | null;
  close(): void;
}

/** What came up to so long before the last event is asked for again: clocks differ, and relays pass events on late. */
const OVERLAP_SECONDS = 120;
const FIRST_RETRY_MS = 10_000;
const PAGE = ':page';

/** Older pages travel under a subscription id of their own. */
export function isPageId(subscription: string): boolean {
  return subscription.endsWith(PAGE);
}

/** The id of the request that a relay's message is about. */
export function requestIdOf(subscription: string): string {
  return isPageId(subscription) ? subscription.slice(0, -PAGE.length) : subscription;
}

export function createRequest(options: {
  id: string;
  filters: readonly Filter[];
  history: History;
  clock: Clock;
  say: (message: readonly unknown[]) => void;
}): Request {
  const { id, filters, history, clock, say } = options;
  const backoff = createBackoff({ shortestMs: FIRST_RETRY_MS });
  let active: Filter[] = [];
  let pager: Pager | null = null;
  let newestStamp: number | null = null;
  let hasCaughtUp = false;
  let askedAt = 0;
  let heard = 0;
  let heardBefore = 0;
  let state: Request['state'] = 'asked';
  let refusal: PlainText | null = null;
  let cancelRetry = () => {};

  function send(): void {
    cancelRetry();
    state = 'asked';
    askedAt = clock.monotonic();
    heard = 0;
    heardBefore = 0;
    active = filters.map(sinceLast);
    pager = createPager(active, history);
    say(['REQ', id, ...active]);
  }

  /** A copy for each connection, so that what one relay has sent never narrows what another is asked. */
  function sinceLast(filter: Filter): Filter {
    if (!hasCaughtUp || newestStamp === null) return { ...filter };
    const nowSeconds = Math.floor(clock.now() / 1000);
    const since = Math.min(newestStamp, nowSeconds) - OVERLAP_SECONDS;
    return { ...filter, since: Math.max(since, filter.since ?? 0) };
  }

  return {
    id,
    send,
    disconnected() {
      cancelRetry();
      state = 'asked';
    },
    accepts(event) {
      if (!matchFilters(active, event)) return false;
      heard += 1;
      pager?.saw(event);
      return true;
    },
    delivered(event) {
      if (newestStamp === null || event.created_at > newestStamp) newestStamp = event.created_at;
    },
    hasPaused() {
      const isPausing = heard > 0 && heard === heardBefore;
      heardBefore = heard;
      return isPausing;
    },
    pageDone() {
      if (state === 'asked') state = 'answered';
      refusal = null;
      backoff.reset();
      const next = pager?.next() ?? null;
      if (next) say(['REQ', id + PAGE, ...next]);
      else if (pager?.hasTurned) say(['CLOSE', id + PAGE]);
      if (!next) pager = null;
      return next === null;
    },
    caughtUp() {
      hasCaughtUp = true;
      state = 'caught-up';
    },
    refused(reason) {
      state = 'refused';
      refusal = reason;
      cancelRetry = clock.after(backoff.next(), send);
    },
    get askedAt() {
      return askedAt;
    },
    get state() {
      return state;
    },
    get refusal() {
      return refusal;
    },
    close() {
      cancelRetry();
      say(['CLOSE', id]);
    },
  };
}
