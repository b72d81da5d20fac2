import type { VerifiedEvent } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../../../clock.ts';
import type { PlainText } from '../../../model/text.ts';
import { asksForLogin } from './login.ts';
import type { History } from './pager.ts';
import { createRequest, type Request, requestIdOf } from './request.ts';

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
  /** Asks again for what was refused for want of a login. */
  loggedIn(): void;
  /** The ones to which the relay has not said that it sent all it had. */
  unanswered(): readonly Subscribed[];
  /** Are all in one of these states? */
  areAll(...states: readonly Request['state'][]): boolean;
  readonly isEmpty: boolean;
  /** Why the relay refuses one of them. */
  readonly refusal: PlainText | null;
  close(): void;
}

export interface Subscribed {
  readonly request: Request;
  readonly listener: RelayListener;
}

export interface RelayListener {
  event(event: VerifiedEvent): void;
  /** All that the relay had stored was handed on. Once for each connection. */
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
    find: (subscription) => open.get(requestIdOf(subscription)),
    connected() {
      for (const request of requests()) request.send();
    },
    disconnected() {
      for (const request of requests()) request.disconnected();
    },
    loggedIn() {
      for (const request of requests()) {
        if (request.refusal !== null && asksForLogin(request.refusal)) request.send();
      }
    },
    unanswered: () => [...open.values()].filter(({ request }) => request.state === 'asked'),
    areAll: (...states) => requests().every(({ state }) => states.includes(state)),
    get isEmpty() {
      return open.size === 0;
    },
    get refusal() {
      return requests().find(({ refusal }) => refusal !== null)?.refusal ?? null;
    },
    close() {
      for (const request of requests()) request.close();
      open.clear();
    },
  };
}
