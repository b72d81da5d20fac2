import type { VerifiedEvent } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../../clock.ts';
import type { PlainText } from '../../model/text.ts';
import type { History } from './pager.ts';
import { liveIdOf } from './read-back.ts';
import { createSubscription, type Subscription } from './subscription.ts';

/** All subscriptions at one relay. */
export interface Subscriptions {
  /** Adds a subscription without sending it: see `Subscription.send`. */
  add(filters: readonly Filter[], history: History, listener: RelayListener): Subscription;
  remove(subscription: Subscription): void;
  /** Returns the subscription that a relay's message is about. */
  find(subscriptionId: string): Subscribed | undefined;
  /** To be called on a new connection: sends all subscriptions again. */
  connected(): void;
  disconnected(): void;
  /** To be called after a login: sends all subscriptions again, because the relay may send more now. */
  loggedIn(): void;
  /** Returns the subscriptions that expect an answer. */
  unanswered(): readonly Subscribed[];
  /** Returns the subscriptions that were answered completely, if that does not count yet. */
  uncounted(): readonly Subscribed[];
  /** Tells whether all are in one of these states. */
  areAll(...states: readonly Subscription['state'][]): boolean;
  readonly isEmpty: boolean;
  /** Returns why the relay refuses some of them. */
  refusals(): readonly PlainText[];
  /** Whether the relay has more stored events than were read. */
  readonly isCut: boolean;
  close(): void;
}

export interface Subscribed {
  readonly subscription: Subscription;
  readonly listener: RelayListener;
}

export interface RelayListener {
  event(event: VerifiedEvent): void;
  /** Called when all stored events were passed on: once for each connection, and again after a late login. */
  caughtUp(): void;
}

export function createSubscriptions(options: {
  clock: Clock;
  say: (message: readonly unknown[]) => void;
}): Subscriptions {
  const open = new Map<string, Subscribed>();
  const subscriptions = () => [...open.values()].map(({ subscription }) => subscription);
  let serial = 0;

  return {
    add(filters, history, listener) {
      serial += 1;
      const subscription = createSubscription({ id: `t${serial}`, filters, history, ...options });
      open.set(subscription.id, { subscription, listener });
      return subscription;
    },
    remove(subscription) {
      if (open.delete(subscription.id)) subscription.close();
    },
    find: (subscriptionId) => open.get(liveIdOf(subscriptionId)),
    connected() {
      for (const subscription of subscriptions()) subscription.send();
    },
    disconnected() {
      for (const subscription of subscriptions()) subscription.disconnected();
    },
    loggedIn() {
      for (const subscription of subscriptions()) subscription.sendAnew();
    },
    unanswered: () => [...open.values()].filter(({ subscription }) => subscription.isAwaited),
    uncounted: () =>
      [...open.values()].filter(
        ({ subscription }) => subscription.state === 'answered' && !subscription.isAwaited,
      ),
    areAll: (...states) => subscriptions().every(({ state }) => states.includes(state)),
    get isEmpty() {
      return open.size === 0;
    },
    refusals: () => subscriptions().flatMap(({ refusal }) => refusal ?? []),
    get isCut() {
      return subscriptions().some(({ isCut }) => isCut);
    },
    close() {
      for (const subscription of subscriptions()) subscription.close();
      open.clear();
    },
  };
}
