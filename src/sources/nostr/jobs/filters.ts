import type { Filter } from 'nostr-tools/filter';
import {
  COMMON_REQUEST_KINDS,
  DELETION_KIND,
  FEEDBACK_KIND,
  resultKindOf,
} from '../../../nostr/nip90/format.ts';
import type { Interest } from './interest.ts';

/**
 * What relays are asked for. Requests and results have two thousand kinds, which no relay wants to see listed. So the filters
 * ask for feedback (kind 7000), results of the common kinds, what the keys of interest wrote or were mentioned in, and what
 * refers to the jobs that are already known. Each stays within strfry's limits.
 */

/** The size of a page: relays return no more at a time. */
const PAGE = 500;
const FEW = 20;
/** How many kinds relays accept in a filter. */
const MOST_KINDS = 20;

/**
 * Returns the subscriptions that show which jobs there are. Feedback has one of its own: a relay that shows it to some keys
 * only asks for a login if a subscription wants nothing else, and silently leaves it out otherwise.
 */
export function overviewFilters({ pubkeys, signerPubkey }: Interest): Filter[][] {
  const keys = [...pubkeys];
  if (keys.length === 0) {
    const own: Filter[] = signerPubkey === null ? [] : [{ authors: [signerPubkey], limit: PAGE }];
    const results = resultFilters(COMMON_REQUEST_KINDS.map(resultKindOf));
    return [[{ kinds: [FEEDBACK_KIND], limit: PAGE }], [...own, ...results]];
  }
  return [
    [
      { kinds: [FEEDBACK_KIND], authors: keys, limit: PAGE },
      { kinds: [FEEDBACK_KIND], '#p': keys, limit: PAGE },
    ],
    [
      { kinds: [DELETION_KIND], authors: keys, limit: PAGE },
      { authors: keys, limit: PAGE },
      { '#p': keys, limit: PAGE },
    ],
  ];
}

/** Returns filters for results: many providers send no feedback, only a result. */
export function resultFilters(kinds: readonly number[]): Filter[] {
  const chunks = Array.from({ length: Math.ceil(kinds.length / MOST_KINDS) }, (_, index) =>
    kinds.slice(index * MOST_KINDS, (index + 1) * MOST_KINDS),
  );
  return chunks.map((chunk) => ({ kinds: chunk, limit: PAGE }));
}

/** Returns filters for what is reported about these jobs, and for the requests that are not known yet. */
export function jobFilters(ids: readonly string[], unknownIds: readonly string[]): Filter[] {
  const filters: Filter[] = [{ '#e': [...ids], limit: PAGE }];
  return unknownIds.length > 0 ? [{ ids: [...unknownIds] }, ...filters] : filters;
}

/** Returns filters for what will be reported about these jobs, whose stored events were read. */
export function laterJobFilters(ids: readonly string[]): Filter[] {
  return [{ '#e': [...ids], limit: FEW }];
}
