import type { Event } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import { createPager, type History, type Pager } from './pager.ts';

/**
 * Reads a relay's stored events, the newest first. The first page arrives with the live subscription, each older one under a
 * subscription of its own, so that a late message about one page is not mistaken for one about the next.
 */
export interface ReadBack {
  /** Asks for the first page. */
  start(filters: readonly Filter[], history: History): void;
  /** Asks for the current page again. */
  repeat(): void;
  saw(event: Event): void;
  /** To be called at the end of a page: asks for the next one. Returns true if there is none. */
  pageDone(subscriptionId: string, hints: readonly string[]): boolean;
  /** Stops asking, because the relay sends no more pages. */
  giveUp(): void;
  /** To be called when the connection is gone. */
  forget(): void;
  /** Ends the subscription of an older page. */
  close(): void;
  /** The id of the subscription whose stored events are expected. */
  readonly awaited: string | null;
  /** Whether the relay has more events than were read. */
  readonly isCut: boolean;
}

/** Creates a `ReadBack`; `id` is that of the live subscription. */
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

/** Returns the id of the live subscription to which any subscription id belongs. */
export function liveIdOf(subscriptionId: string): string {
  return subscriptionId.split(':', 1)[0] as string;
}
