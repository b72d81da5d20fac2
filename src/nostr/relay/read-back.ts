import type { Event } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import { createPager, type History, type Pager } from './pager.ts';

/**
 * Reads back what a relay has stored: the first page comes with the live subscription, each older one under a
 * subscription of its own, so that what a relay says late of one is not taken for a word on the next.
 */
export interface ReadBack {
  /** Asks for the first page. */
  start(filters: readonly Filter[], history: History): void;
  /** Asks for the page under way once more. */
  repeat(): void;
  saw(event: Event): void;
  /** All of a page was sent: asks for the next one. True if there is none. */
  pageDone(subscriptionId: string, hints: readonly string[]): boolean;
  /** The relay gives no more: what it gave is taken for all. */
  giveUp(): void;
  /** The connection is gone. */
  forget(): void;
  /** Ends the subscription of an older page. */
  close(): void;
  /** The subscription whose stored events are to come. */
  readonly awaited: string | null;
  /** Does the relay hold more than was read? */
  readonly isCut: boolean;
}

/** Creates the reading of older pages; `id` is the live subscription's. */
export function createReadBack(id: string, say: (message: readonly unknown[]) => void): ReadBack {
  let pager: Pager | null = null;
  let filters: readonly Filter[] = [];
  let serial = 0;
  let awaited: string | null = null;
  let hasGivenUp = false;

  function ask(subscriptionId: string): void {
    awaited = subscriptionId;
    say(['REQ', subscriptionId, ...filters]);
  }

  function close(): void {
    if (awaited !== null && awaited !== id) say(['CLOSE', awaited]);
    awaited = null;
  }

  return {
    start(first, history) {
      close();
      filters = first;
      pager = createPager(first, history);
      hasGivenUp = false;
      ask(id);
    },
    repeat() {
      if (awaited !== null) ask(awaited);
    },
    saw: (event) => pager?.saw(event),
    pageDone(subscriptionId, hints) {
      if (subscriptionId !== awaited) return false;
      close();
      const next = pager?.next(hints) ?? null;
      if (next === null) return true;
      serial += 1;
      filters = next;
      ask(`${id}:${serial}`);
      return false;
    },
    giveUp() {
      hasGivenUp ||= awaited !== null && awaited !== id;
      close();
    },
    forget() {
      awaited = null;
    },
    close,
    get awaited() {
      return awaited;
    },
    get isCut() {
      return hasGivenUp || (pager?.isCut ?? false);
    },
  };
}

/** Returns the id of the live subscription that a relay's message is about. */
export function liveIdOf(subscriptionId: string): string {
  return subscriptionId.split(':', 1)[0] as string;
}
