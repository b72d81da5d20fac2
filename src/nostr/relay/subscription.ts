import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilters } from 'nostr-tools/filter';
import type { Clock } from '../../clock.ts';
import type { PlainText } from '../../model/text.ts';
import type { History } from './pager.ts';
import { createReadBack } from './read-back.ts';
import { isPassing } from './reasons.ts';
import { createRetry, FIRST_RETRY_MS, PATIENT_RETRIES, PATIENT_RETRY_MS } from './retry.ts';

/** One subscription at one relay (NIP-01 REQ), asked for again on each new connection. */
export interface Subscription {
  readonly id: string;
  /** Asks the relay, and reads back: all of it at first, later only what came since. */
  send(): void;
  /** Asks anew on the same connection, because the relay knows us now: what it said before does not count. */
  sendAnew(): void;
  /** The connection is gone. */
  disconnected(): void;
  /** Is this an event that was asked for? Called for each that arrives under an id of this subscription. */
  accepts(event: Event, subscriptionId: string): boolean;
  /** A genuine event was handed on. Not told of others: their stamps could be any. */
  delivered(event: Event): void;
  /** Has it sent events, but none between the last two calls? Then it won't say that these were all. */
  hasPaused(): boolean;
  /**
   * The relay has sent what it wants to of what it has stored (EOSE): an older page is asked for. True if there is
   * none. `hints` are what it said of the page (NIP-67).
   */
  pageDone(subscriptionId: string, hints: readonly string[]): boolean;
  /** The relay gives no older pages: what it gave is taken for all. */
  endReading(): void;
  /** All that was stored has been handed on. */
  caughtUp(): void;
  /** The relay ended a subscription: it is asked for again after a while. True if that is the end of reading back. */
  refused(subscriptionId: string, reason: PlainText): boolean;
  /** May a refusal have been meant for what was asked before the login? Twice a connection, at most. */
  mayBeLate(): boolean;
  /** When the relay was asked last, ms of the monotonic clock. */
  readonly askedAt: number;
  /** How the relay answers on this connection; `answered` while older pages are read. */
  readonly state: 'asked' | 'answered' | 'caught-up' | 'refused';
  /** Does the relay owe an answer? */
  readonly isAwaited: boolean;
  /** Why the relay does not serve it now. */
  readonly refusal: PlainText | null;
  /** Has the relay given nothing since it was asked? */
  readonly isEmpty: boolean;
  /** Does the relay hold more than was read back? */
  readonly isCut: boolean;
  close(): void;
}

/** What came up to so long before the last event is read again: clocks differ, and relays pass events on late. */
const OVERLAP_SECONDS = 120;
/** After a break the newest so many are read again, however old: a slow clock may be behind by any time. */
const NEWEST_AFTER_A_BREAK = 100;
const UNKNOWN = -1;

export function createSubscription(options: {
  id: string;
  filters: readonly Filter[];
  history: History;
  clock: Clock;
  say: (message: readonly unknown[]) => void;
}): Subscription {
  const { id, history, clock, say } = options;
  const filters = [...options.filters];
  const readBack = createReadBack(id, say);
  const retry = createRetry(clock);
  let newestStamp: number | null = null;
  let hasCaughtUp = false;
  let askedAt = 0;
  let heard = 0;
  let heardBefore = UNKNOWN;
  let state: Subscription['state'] = 'asked';
  let refusal: PlainText | null = null;
  let lateRefusals = 0;
  let quickReturns = 0;

  function send(): void {
    retry.cancel();
    state = 'asked';
    heard = 0;
    asking();
    const since = sinceLast();
    if (since === null) readBack.start(filters, history);
    else readBack.start(filters.map(onlyNewest), { ...history, notBefore: since });
  }

  function asking(): void {
    askedAt = clock.monotonic();
    heardBefore = UNKNOWN;
  }

  /**
   * Returns from when to read back (epoch seconds), null for everything. A stamp bounds only that, never what comes
   * live: clocks are slow, and events come late.
   */
  function sinceLast(): number | null {
    if (!hasCaughtUp || newestStamp === null) return null;
    return Math.min(newestStamp, Math.floor(clock.now() / 1000)) - OVERLAP_SECONDS;
  }

  function pageRefused(reason: PlainText): boolean {
    asking();
    if (isPassing(reason) && retry.soon(readBack.repeat)) return false;
    readBack.giveUp();
    return true;
  }

  function refused(reason: PlainText): void {
    if (state === 'refused') return;
    readBack.close();
    if (state === 'caught-up' && returned()) return;
    asking();
    state = 'asked';
    if (isPassing(reason) && retry.soon(send)) return;
    state = 'refused';
    refusal = reason;
    retry.later(send);
  }

  /** Relays end subscriptions after a while: that is no refusal, unless it happens at once, over and over. */
  function returned(): boolean {
    const hasLasted = clock.monotonic() - askedAt >= FIRST_RETRY_MS;
    quickReturns = hasLasted ? 0 : quickReturns + 1;
    if (quickReturns > PATIENT_RETRIES) return false;
    state = 'asked';
    retry.in(hasLasted ? 0 : PATIENT_RETRY_MS, send);
    return true;
  }

  function served(): void {
    refusal = null;
    retry.reset();
  }

  return {
    id,
    send,
    sendAnew() {
      served();
      send();
    },
    disconnected() {
      retry.cancel();
      readBack.forget();
      lateRefusals = 0;
      state = 'asked';
    },
    accepts(event, subscriptionId) {
      if (!matchFilters(filters, event)) return false;
      const isLive = subscriptionId === id && readBack.awaited !== id;
      if (isLive) return true;
      heard += 1;
      readBack.saw(event);
      return event.created_at >= (history.since ?? Number.NEGATIVE_INFINITY);
    },
    delivered({ created_at: stamp }) {
      if (newestStamp === null || stamp > newestStamp) newestStamp = stamp;
    },
    hasPaused() {
      const isPausing = heard > 0 && heard === heardBefore;
      heardBefore = heard;
      return isPausing;
    },
    pageDone(subscriptionId, hints) {
      if (subscriptionId !== readBack.awaited) return false;
      if (state === 'asked') state = 'answered';
      served();
      asking();
      return readBack.pageDone(subscriptionId, hints);
    },
    endReading() {
      readBack.giveUp();
      state = 'answered';
    },
    mayBeLate() {
      lateRefusals += 1;
      return state === 'refused' && lateRefusals <= 2;
    },
    caughtUp() {
      hasCaughtUp = true;
      state = 'caught-up';
    },
    refused(subscriptionId, reason) {
      if (subscriptionId === readBack.awaited && subscriptionId !== id) return pageRefused(reason);
      if (subscriptionId === id) refused(reason);
      return false;
    },
    get askedAt() {
      return askedAt;
    },
    get state() {
      return state;
    },
    get isAwaited() {
      return readBack.awaited !== null;
    },
    get refusal() {
      return refusal;
    },
    get isEmpty() {
      return heard === 0;
    },
    get isCut() {
      return readBack.isCut;
    },
    close() {
      retry.cancel();
      readBack.close();
      say(['CLOSE', id]);
    },
  };
}

/**
 * Returns the filter for the newest events only. A copy, so that what one relay has sent never narrows what another is
 * asked.
 */
function onlyNewest(filter: Filter): Filter {
  const { limit } = filter;
  return limit === undefined ? filter : { ...filter, limit: Math.min(limit, NEWEST_AFTER_A_BREAK) };
}
