import type { VerifiedEvent } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../../clock.ts';
import type { PlainText } from '../../model/text.ts';
import type { History } from './pager.ts';
import { liveIdOf } from './read-back.ts';
import { createRequest, type Request } from './request.ts';

/** All subscriptions at one relay. */
export interface RequestList {
  /** Does not ask yet: see `Request.send`. */
  add(filters: readonly Filter[], history: History, listener: RelayListener): Request;
  remove(request: Request): void;
  /** The subscription that a relay's message is about. */
  find(subscription: string): Subscribed | undefined;
  /** A new connection: asks for everything again. */
  connected(): void;
  disconnected(): void;
  /** Asks for everything anew: what the relay said before it knew us may have been all for strangers. */
  loggedIn(): void;
  /** The ones that the relay owes an answer. */
  unanswered(): readonly Subscribed[];
  /** The ones that were answered completely, without that having been counted yet. */
  uncounted(): readonly Subscribed[];
  /** Are all in one of these states? */
  areAll(...states: readonly Request['state'][]): boolean;
  readonly isEmpty: boolean;
  /** Why the relay refuses some of them. */
  refusals(): readonly PlainText[];
  /** Does the relay hold more than was read back? */
  readonly isCut: boolean;
  close(): void;
}

export interface Subscribed {
  readonly request: Request;
  readonly listener: RelayListener;
}

export interface RelayListener {
  event(event: VerifiedEvent): void;
  /** All that the relay had stored was handed on. Once for each connection; again where the relay asks late who we are. */
  caughtUp(): void;
}

export function createRequestList(options: {
  clock: Clock;
  say: (message: readonly unknown[]) => void;
}): RequestList {
  const open = new Map<string, Subscribed>();
  const requests = () => [...open.values()].map(({ request }) => request);
  let serial = 0;

  return {
    add(filters, history, listener) {
      serial += 1;
      const request = createRequest({ id: `t${serial}`, filters, history, ...options });
      open.set(request.id, { request, listener });
      return request;
    },
    remove(request) {
      if (open.delete(request.id)) request.close();
    },
    find: (subscription) => open.get(liveIdOf(subscription)),
    connected() {
      for (const request of requests()) request.send();
    },
    disconnected() {
      for (const request of requests()) request.disconnected();
    },
    loggedIn() {
      for (const request of requests()) request.sendAnew();
    },
    unanswered: () => [...open.values()].filter(({ request }) => request.isAwaited),
    uncounted: () =>
      [...open.values()].filter(({ request }) => request.state === 'answered' && !request.isAwaited),
    areAll: (...states) => requests().every(({ state }) => states.includes(state)),
    get isEmpty() {
      return open.size === 0;
    },
    refusals: () => requests().flatMap(({ refusal }) => refusal ?? []),
    get isCut() {
      return requests().some(({ isCut }) => isCut);
    },
    close() {
      for (const request of requests()) request.close();
      open.clear();
    },
  };
}
