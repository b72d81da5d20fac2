import type { Filter } from 'nostr-tools/filter';
import { DELETION_KIND, FEEDBACK_KIND } from '../format.ts';
import type { Interest } from './interest.ts';

/**
 * What relays are asked for. Requests and results have two thousand kinds, which no relay wants to see listed: so it
 * is asked for what is said (kind 7000), what the keys of interest wrote or were named in, and what refers to the jobs
 * that are known by then. Each stays inside strfry's limits.
 */

/** A page: relays give no more at a time. */
const PAGE = 500;
const FEW = 20;

/** What shows which jobs there are. */
export function overviewFilters({ pubkeys, signerPubkey }: Interest): Filter[] {
  const keys = [...pubkeys];
  if (keys.length === 0) {
    const everything: Filter = { kinds: [FEEDBACK_KIND], limit: PAGE };
    return signerPubkey === null ? [everything] : [everything, { authors: [signerPubkey], limit: PAGE }];
  }
  return [
    { kinds: [FEEDBACK_KIND, DELETION_KIND], authors: keys, limit: PAGE },
    { kinds: [FEEDBACK_KIND], '#p': keys, limit: PAGE },
    { authors: keys, limit: PAGE },
    { '#p': keys, limit: PAGE },
  ];
}

/** What is said of these jobs, and the requests themselves where they are not known yet. */
export function jobFilters(ids: readonly string[], unknownIds: readonly string[]): Filter[] {
  const filters: Filter[] = [{ '#e': [...ids], limit: PAGE }];
  return unknownIds.length > 0 ? [{ ids: [...unknownIds] }, ...filters] : filters;
}

/** What will be said of these jobs, whose stored events were read. */
export function laterJobFilters(ids: readonly string[]): Filter[] {
  return [{ '#e': [...ids], limit: FEW }];
}
