import type { Clock } from '../clock.ts';
import { compareText } from '../model/compare-text.ts';
import { addressOf, deletionTargets, isJobRequest, isReplaceable } from './event-kinds.ts';
import { hasExpired } from './expiration.ts';
import { LIMITS } from './limits.ts';
import { matchesAny } from './match.ts';
import { type Event, EventRepository, type Filter } from './nostr-relay.ts';

/** What became of an event that was handed to the memory. */
export type Stored = 'stored' | 'known' | 'outdated' | 'deleted';

/**
 * The relay's events: newest first, equal stamps by lowest id (NIP-01), bounded by number and size. Answers at
 * once, so that nothing can come between a query and what follows it.
 */
export class EventMemory extends EventRepository {
  readonly #bounds: { readonly events: number; readonly bytes: number };
  readonly #clock: Clock;
  readonly #events: Event[] = [];
  readonly #sizes = new Map<string, number>();
  readonly #newestOfAddress = new Map<string, Event>();
  /** `<author>/<event id or address>` → the stamp of the kind 5 that names it (NIP-09). */
  readonly #deletions = new Map<string, number>();
  #bytes = 0;

  constructor(bounds: { readonly events: number; readonly bytes: number }, clock: Clock) {
    super();
    this.#bounds = bounds;
    this.#clock = clock;
  }

  has(id: string): boolean {
    return this.#sizes.has(id);
  }

  /** `bytes` is the event's size as JSON. A kind 5 also removes what it may. */
  store(event: Event, bytes: number): Stored {
    if (this.has(event.id)) return 'known';
    if (this.#isDeleted(event)) return 'deleted';
    if (!this.#replaceOlder(event)) return 'outdated';
    this.#events.splice(this.#indexOf(event), 0, event);
    this.#sizes.set(event.id, bytes);
    this.#bytes += bytes;
    if (event.kind === 5) this.#applyDeletion(event);
    this.#makeRoom();
    return 'stored';
  }

  override find(filter: Filter): Event[] {
    const limit = Math.min(filter.limit ?? LIMITS.eventsPerFilter, LIMITS.eventsPerFilter);
    const nowSeconds = this.#clock.now() / 1000;
    const found: Event[] = [];
    for (const event of this.#events) {
      if (found.length >= limit || event.created_at < (filter.since ?? 0)) break;
      if (matchesAny([filter], event) && !hasExpired(event, nowSeconds)) found.push(event);
    }
    return found;
  }

  /** How many events match any of the filters (NIP-45), however few a query would give. */
  count(filters: readonly Filter[]): number {
    const nowSeconds = this.#clock.now() / 1000;
    return this.#events.filter((event) => matchesAny(filters, event) && !hasExpired(event, nowSeconds))
      .length;
  }

  /** For the library, which stores nothing itself here: `accept.ts` decides what comes in. */
  override upsert(event: Event): { isDuplicate: boolean } {
    return { isDuplicate: this.store(event, Buffer.byteLength(JSON.stringify(event))) !== 'stored' };
  }

  override isSearchSupported(): boolean {
    return false;
  }

  override async destroy(): Promise<void> {
    this.#events.length = 0;
    this.#sizes.clear();
    this.#newestOfAddress.clear();
    this.#deletions.clear();
    this.#bytes = 0;
  }

  #isDeleted(event: Event): boolean {
    if (event.kind === 5) return false;
    if (isJobRequest(event.kind)) return false;
    if (this.#deletions.has(`${event.pubkey}/${event.id}`)) return true;
    if (!isReplaceable(event.kind)) return false;
    const deletedAt = this.#deletions.get(`${event.pubkey}/${addressOf(event)}`);
    return deletedAt !== undefined && event.created_at <= deletedAt;
  }

  /** False where a newer version of a replaceable event is here already. */
  #replaceOlder(event: Event): boolean {
    if (!isReplaceable(event.kind)) return true;
    const key = `${event.pubkey}/${addressOf(event)}`;
    const known = this.#newestOfAddress.get(key);
    if (known && inOrder(known, event) < 0) return false;
    if (known) this.#remove(known);
    this.#newestOfAddress.set(key, event);
    return true;
  }

  #applyDeletion(deletion: Event): void {
    for (const target of deletionTargets(deletion)) {
      const key = `${deletion.pubkey}/${target}`;
      this.#deletions.set(key, Math.max(deletion.created_at, this.#deletions.get(key) ?? 0));
    }
    for (const event of this.#events.filter((candidate) => candidate.pubkey === deletion.pubkey)) {
      if (this.#isDeleted(event)) this.#remove(event);
    }
  }

  #makeRoom(): void {
    while (this.#events.length > this.#bounds.events || this.#bytes > this.#bounds.bytes) {
      const oldest = this.#events.at(-1);
      if (!oldest) return;
      this.#remove(oldest);
    }
  }

  #remove(event: Event): void {
    this.#events.splice(this.#indexOf(event), 1);
    this.#bytes -= this.#sizes.get(event.id) ?? 0;
    this.#sizes.delete(event.id);
    const key = `${event.pubkey}/${addressOf(event)}`;
    if (this.#newestOfAddress.get(key) === event) this.#newestOfAddress.delete(key);
    if (event.kind !== 5) return;
    for (const target of deletionTargets(event)) this.#deletions.delete(`${event.pubkey}/${target}`);
  }

  /** Where the event is, or would be put. */
  #indexOf(event: Event): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (inOrder(this.#events[middle] as Event, event) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Newest first, then lowest id. */
function inOrder(a: Event, b: Event): number {
  return b.created_at - a.created_at || compareText(a.id, b.id);
}
