import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilter } from 'nostr-tools/filter';

/** How far back to read what a relay has stored. Relays give the newest events first, as many as they like at a time. */
export interface History {
  /** At most so many events of each filter. */
  readonly most: number;
  /** Beyond the first `limit` events, none older than this is asked for, epoch seconds. */
  readonly notBefore?: number;
  /** Stored events older than this are not handed on, epoch seconds. What comes live is, whatever its stamp. */
  readonly since?: number;
}

/** Returns the history of which nothing older than `sinceMs` (epoch ms) is of interest. */
export function historySince(sinceMs: number): History {
  const since = Math.max(0, Math.floor(sinceMs / 1000));
  return { most: 10_000, notBefore: since, since };
}

/** Asks for one page after the other, until a page brings nothing new. */
export interface Pager {
  /** An event of the page under way. */
  saw(event: Event): void;
  /**
   * The page is complete: the filters of the next one, or null if that was the last. `hints` are what the relay said of
   * it (NIP-67).
   */
  next(hints?: readonly string[]): Filter[] | null;
  /** Does the relay hold more than could be read? */
  readonly isCut: boolean;
}

/** A relay that gives a handful of events at a time is not asked for ever. */
const MOST_PAGES = 1_000;
/** So many ids of one second are told apart; a crowd beyond that counts as known. */
const MOST_IDS_OF_A_SECOND = 10_000;

/** How far one filter has been read. */
interface Reading {
  /** As it was asked for at first. */
  readonly filter: Filter;
  /** As it is asked for on this page. */
  page: Filter;
  count: number;
  oldest: number;
  /** The ids of the oldest second, which the next page repeats: `until` is inclusive. */
  oldestIds: Set<string>;
  /** Of this page: how many there were, and how many of them had not been seen. */
  received: number;
  news: number;
  longest: number;
  /** Was a second left behind of which the relay may have more? */
  hasSteppedOver: boolean;
}

/**
 * Creates a pager. No number of events says that a page was the last one: relays have limits of their own, for a filter
 * or for all of them together. A page that brings nothing new says it, unless it is as long as any. Then filters that
 * shared it are read one by one, as some may have taken the room of the others. Of a filter that is alone, the relay
 * gives no more than it has of that second, which is stepped over.
 */
export function createPager(filters: readonly Filter[], { most, notBefore = 0 }: History): Pager {
  let open = filters.map(startReading);
  let waiting: Reading[] = [];
  let pages = 1;
  let isCut = false;

  /** Returns what is to be read after this page. */
  function remaining(hints: readonly string[]): Reading[] {
    const hasMore = hints.includes('more');
    const isEmpty = open.every(({ received }) => received === 0);
    const hasNews = open.some(({ news }) => news > 0);
    const isLast = isEmpty || (!hasNews && !hasMore && open.every(isShort));
    isCut ||= open.some(isProvenCut) || (isEmpty && hasMore);
    if (isLast || hints.includes('finish')) return [];
    const areStuck = !hasNews && open.length > 1;
    for (const reading of open) turn(reading, !hasNews && !areStuck);
    if (areStuck) waiting = open.splice(1);
    isCut ||= open.some(({ filter, count }) => !isComplete(filter, count) && count >= most);
    return open.filter((reading) => !isRead(reading));
  }

  function next(hints: readonly string[] = []): Filter[] | null {
    open = remaining(hints);
    if (open.length === 0) open = waiting.splice(0, 1);
    pages += 1;
    isCut ||= open.length > 0 && pages > MOST_PAGES;
    return open.length === 0 || pages > MOST_PAGES ? null : open.map(({ page }) => page);
  }

  function isRead({ filter, page, count, oldest }: Reading): boolean {
    const isOldEnough = oldest <= notBefore && count >= (filter.limit ?? 0);
    const isAtTheStart = page.until !== undefined && page.until <= 0;
    return count >= most || isOldEnough || isAtTheStart || isComplete(filter, count);
  }

  return {
    saw(event) {
      for (const reading of open) note(reading, event);
    },
    next,
    get isCut() {
      return isCut;
    },
  };
}

function startReading(filter: Filter): Reading {
  const nothing = { count: 0, oldest: Number.POSITIVE_INFINITY, received: 0, news: 0, longest: 0 };
  return { filter, page: filter, oldestIds: new Set(), hasSteppedOver: false, ...nothing };
}

function note(reading: Reading, event: Event): void {
  if (!matchFilter(reading.page, event)) return;
  const { id, created_at: stamp } = event;
  const { oldestIds } = reading;
  reading.received += 1;
  const isOldest = stamp === reading.oldest;
  if (isOldest && (oldestIds.has(id) || oldestIds.size >= MOST_IDS_OF_A_SECOND)) return;
  reading.news += 1;
  reading.count += 1;
  if (stamp > reading.oldest) return;
  if (!isOldest) oldestIds.clear();
  oldestIds.add(id);
  reading.oldest = stamp;
}

/** Tells whether a page is short: the relay has given more than that at a time. */
function isShort({ received, longest }: Reading): boolean {
  return received === 0 || received < longest;
}

/** Goes on from the oldest second; from before it, if that is stepped over. */
function turn(reading: Reading, isSteppedOver: boolean): void {
  const { filter, oldest, received, longest } = reading;
  if (received > 0) reading.page = { ...filter, until: isSteppedOver ? oldest - 1 : oldest };
  reading.hasSteppedOver ||= isSteppedOver;
  reading.longest = Math.max(longest, received);
  reading.received = 0;
  reading.news = 0;
}

/** Tells whether there was more before the second that was stepped over: the relay had cut the page short within it. */
function isProvenCut({ hasSteppedOver, news }: Reading): boolean {
  return hasSteppedOver && news > 0;
}

function isComplete({ ids }: Filter, count: number): boolean {
  return ids !== undefined && count >= ids.length;
}
