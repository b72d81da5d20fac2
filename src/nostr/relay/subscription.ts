import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilters } from 'nostr-tools/filter';
import type { Clock } from '../../clock.ts';
import type { PlainText } from '../../model/text.ts';
import type { History } from './pager.ts';
import { createReadBack } from './read-back.ts';
import { isPassing } from './reasons.ts';
import { createRetry, FIRST_RETRY_MS, PATIENT_RETRIES, PATIENT_RETRY_MS } from './retry.ts';

/** One subscription at one relay (NIP-01 REQ), sent again on each new connection. */
export interface Subscription {
  readonly id: string;
  /** Sends the request, and reads stored events: at first all of them, later only those since the last time. */
  send(): void;
  /** Sends the request again on the same connection after a login; earlier answers do not count. */
  sendAnew(): void;
  disconnected(): void;
  /** Tells whether an event matches the filters. To be called for each that arrives under an id of this subscription. */
  accepts(event: Event, subscriptionId: string): boolean;
  /** To be called for each genuine event that was passed on; not for others, whose timestamps could be anything. */
  delivered(event: Event): void;
  /** Tells whether events have arrived, but none since the last call: the relay will not send an end mark. */
  hasPaused(): boolean;
  /**
   * To be called at the end of a page (EOSE): asks for an older one. Returns true if there is none. `hints` are those that the
   * relay sent with the end (NIP-67).
   */
  pageDone(subscriptionId: string, hints: readonly string[]): boolean;
  /** Stops reading older pages, because the relay sends none. */
  endReading(): void;
  /** To be called when all stored events have been passed on. */
  caughtUp(): void;
  /** To be called when the relay has closed a subscription: asks again later. Returns true if no more pages will be read. */
  refused(subscriptionId: string, reason: PlainText): boolean;
  /** Tells whether a refusal may be the late answer to a request from before the login; true at most twice a connection. */
  mayBeLate(): boolean;
  /** When the last request was sent, ms of the monotonic clock. */
  readonly askedAt: number;
  /** The state on this connection; `answered` while older pages are read. */
  readonly state: 'asked' | 'answered' | 'caught-up' | 'refused';
  /** Whether an answer is expected. */
  readonly isAwaited: boolean;
  /** Why the relay refuses it; null if it does not. */
  readonly refusal: PlainText | null;
  /** Whether no event has arrived since the last request. */
  readonly isEmpty: boolean;
  /** Whether the relay has more stored events than were read. */
  readonly isCut: boolean;
  close(): void;
}

/** How far before the last event to read again: clocks differ, and relays pass events on late. */
const OVERLAP_SECONDS = 120;
/** How many of the newest events are read again after a break, however old: a slow clock may be behind by any time. */
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
   * Returns from when on to read stored events (epoch seconds); null for all. Live events are never limited by time, because
   * clocks are slow, and events arrive late.
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

  /** Asks again after the relay closed the subscription. That is a refusal only if it repeatedly happens at once. */
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
 * Returns a filter for only the newest events. It is a copy, because the original is shared by all relays.
 */
function onlyNewest(filter: Filter): Filter {
  const { limit } = filter;
  return limit === undefined ? filter : { ...filter, limit: Math.min(limit, NEWEST_AFTER_A_BREAK) };
}
