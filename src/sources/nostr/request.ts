import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilters } from 'nostr-tools/filter';
import type { Clock } from '../../clock.ts';
import type { PlainText } from '../../model/text.ts';
import { createBackoff } from '../backoff.ts';

/** One subscription at one relay, asked for again on each new connection (NIP-01 REQ). */
export interface Request {
  /** Asks the relay: all of it on the first connection, then only what came since. */
  send(): void;
  /** The connection is gone. */
  disconnected(): void;
  matches(event: Event): boolean;
  /** A genuine event was delivered. Never told of one that was not verified: its stamp could be any. */
  delivered(event: Event): void;
  stored(): void;
  /** The relay ended the subscription: it is asked for again after a while. */
  refused(reason: PlainText): void;
  /** Has the relay answered on this connection? */
  readonly isAnswered: boolean;
  /** Why the relay does not serve it now. */
  readonly refusal: PlainText | null;
  close(): void;
}

/** What came up to so long before the last event is asked for again: clocks differ, and relays pass events on late. */
const OVERLAP_SECONDS = 120;

export function createRequest(options: {
  id: string;
  filters: readonly Filter[];
  clock: Clock;
  say: (message: readonly unknown[]) => void;
}): Request {
  const { id, filters, clock, say } = options;
  const backoff = createBackoff({ shortestMs: 10_000 });
  let active: Filter[] = [];
  let newestStamp: number | null = null;
  let isAnswered = false;
  let refusal: PlainText | null = null;
  let cancelRetry = () => {};

  function send(): void {
    cancelRetry();
    active = filters.map((filter) => sinceLast(filter));
    say(['REQ', id, ...active]);
  }

  /** A copy for each connection, so that what one relay has sent never narrows what another is asked. */
  function sinceLast(filter: Filter): Filter {
    if (newestStamp === null) return { ...filter };
    const nowSeconds = Math.floor(clock.now() / 1000);
    const since = Math.min(newestStamp, nowSeconds) - OVERLAP_SECONDS;
    return { ...filter, since: Math.max(since, filter.since ?? 0) };
  }

  return {
    send,
    disconnected() {
      cancelRetry();
      isAnswered = false;
    },
    matches: (event) => matchFilters(active, event),
    delivered(event) {
      if (newestStamp === null || event.created_at > newestStamp) newestStamp = event.created_at;
    },
    stored() {
      isAnswered = true;
      refusal = null;
      backoff.reset();
    },
    refused(reason) {
      isAnswered = true;
      refusal = reason;
      cancelRetry = clock.after(backoff.next(), send);
    },
    get isAnswered() {
      return isAnswered;
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
