import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilter } from 'nostr-tools/filter';

/** How far back to read what a relay has stored. Relays send the newest events first, in pages of a size they choose. */
export interface History {
  /** The most events to read for each filter. */
  readonly most: number;
  /** Reading stops at events older than this, epoch seconds, once it has read `limit` events. */
  readonly notBefore?: number;
  /** Stored events older than this are dropped, epoch seconds. Live events are not, whatever their timestamp. */
  readonly since?: number;
}

/** Returns a history that goes back to `sinceMs` (epoch ms). */
export function historySince(sinceMs: number): History {
  const since = Math.max(0, Math.floor(sinceMs / 1000));
  return { most: 10_000, notBefore: since, since };
}

/** Decides which page to ask for next, until a page brings nothing new. */
export interface Pager {
  /** To be called with each event of the current page. */
  saw(event: Event): void;
  /**
   * To be called when the page is complete. Returns the filters of the next one, or null if it was the last. `hints` are those
   * that the relay sent with its end (NIP-67).
   */
  next(hints?: readonly string[]): Filter[] | null;
  /** Whether the relay has more events than could be read. */
  readonly isCut: boolean;
}

/** A bound for relays that send only a handful of events at a time. */
const MOST_PAGES = 1_000;
/** How many ids of one second are remembered; further ones in the same second count as known. */
const MOST_IDS_OF_A_SECOND = 10_000;

/** How far the events of one filter have been read. */
interface Reading {
  /** The filter of the first page. */
  readonly filter: Filter;
  /** The filter of the current page. */
  page: Filter;
  count: number;
  oldest: number;
  /** The ids of the oldest second, which the next page repeats: `until` is inclusive. */
  oldestIds: Set<string>;
  /** How many events of the current page have arrived, and how many of them had not been seen before. */
  received: number;
  news: number;
  longest: number;
  /** Whether a second was skipped of which the relay may have more events. */
  hasSteppedOver: boolean;
}

/**
 * Creates a pager. The number of events does not show that a page was the last one, because relays have limits of their own,
 * for each filter or for all of them together. A page with nothing new was the last, unless it is as long as the longest. In
 * that case, filters that shared the page are read one by one, because some may have left no room for others. If the filter is
 * alone already, a single second has more events than the relay sends at a time; that second is skipped.
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

/** Tells whether a page is short: the relay has sent longer ones. */
function isShort({ received, longest }: Reading): boolean {
  return received === 0 || received < longest;
}

/** Moves on to the next page, which begins at the oldest second, or before it if that is skipped. */
function turn(reading: Reading, isSteppedOver: boolean): void {
  const { filter, oldest, received, longest } = reading;
  if (received > 0) reading.page = { ...filter, until: isSteppedOver ? oldest - 1 : oldest };
  reading.hasSteppedOver ||= isSteppedOver;
  reading.longest = Math.max(longest, received);
  reading.received = 0;
  reading.news = 0;
}

/** Tells whether there were events before a skipped second, which shows that the relay had cut the page short within it. */
function isProvenCut({ hasSteppedOver, news }: Reading): boolean {
  return hasSteppedOver && news > 0;
}

function isComplete({ ids }: Filter, count: number): boolean {
  return ids !== undefined && count >= ids.length;
}
