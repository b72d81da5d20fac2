import { matchFilters, type Filter as NostrToolsFilter } from 'nostr-tools/filter';
import type { Event, Filter } from './nostr-relay.ts';

/** Whether any of the filters asks for the event, tags included: nostr-tools' answer to the relay library's types. */
export function matchesAny(filters: readonly Filter[], event: Event): boolean {
  return matchFilters(filters as NostrToolsFilter[], event);
}
