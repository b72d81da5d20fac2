import { matchFilters, type Filter as NostrToolsFilter } from 'nostr-tools/filter';
import type { Event, Filter } from './nostr-relay.ts';

/**
 * Tells whether an event matches any of the filters, including their tags. Applies nostr-tools to the relay library's types.
 */
export function matchesAny(filters: readonly Filter[], event: Event): boolean {
  return matchFilters(filters as NostrToolsFilter[], event);
}
