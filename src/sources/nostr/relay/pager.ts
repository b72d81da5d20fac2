import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilter } from 'nostr-tools/filter';

/** How far back to read what a relay has stored. Relays give the newest `limit` events first, at most 500. */
export interface History {
  /** How many times `limit`. */
  readonly pages: number;
  /** No further page is asked for once events are older than this, epoch seconds. */
  readonly notBefore?: number;
}

/** Asks for one page after the other, of each filter that has a `limit`. */
export interface Pager {
  /** An event of the page under way. */
  saw(event: Event): void;
  /** The page is complete: the filters of the next one, or null where there is none. */
  next(): Filter[] | null;
  /** Was there more than one page? */
  readonly hasTurned: boolean;
}

export function createPager(filters: readonly Filter[], { pages, notBefore = 0 }: History): Pager {
  let open = filters.map((filter) => ({ filter, count: 0, oldest: Number.POSITIVE_INFINITY }));
  let pagesLeft = pages - 1;
  let hasTurned = false;

  return {
    saw(event) {
      for (const page of open) {
        if (!matchFilter(page.filter, event)) continue;
        page.count += 1;
        page.oldest = Math.min(page.oldest, event.created_at);
      }
    },
    next() {
      open = open
        .filter(({ filter, count, oldest }) => count >= (filter.limit ?? Infinity) && oldest > notBefore)
        .map(({ filter, oldest }) => ({ filter: before(filter, oldest), count: 0, oldest: Infinity }));
      pagesLeft -= 1;
      if (open.length === 0 || pagesLeft < 0) return null;
      hasTurned = true;
      return open.map(({ filter }) => filter);
    },
    get hasTurned() {
      return hasTurned;
    },
  };
}

/** `until` is inclusive, so that equal stamps are not lost; a page of nothing but equal stamps is stepped over. */
function before(filter: Filter, oldest: number): Filter {
  return { ...filter, until: oldest === filter.until ? oldest - 1 : oldest };
}
