import type { Clock } from '../clock.ts';
import { compareText } from '../model/compare-text.ts';
import { addressOf, deletionTargets, isJobRequest, isReplaceable } from './event-kinds.ts';
import { hasExpired } from './expiration.ts';
import { LIMITS } from './limits.ts';
import { matchesAny } from './match.ts';
import { type Event, EventRepository, type Filter } from './nostr-relay.ts';

/** The result of storing an event. */
export type Stored = 'stored' | 'known' | 'outdated' | 'deleted';

/**
 * The relay's events: newest first, those of the same second by lowest id (NIP-01), bounded by number and size. Synchronous,
 * so that no event can arrive between a query and what follows it.
 */
export class EventMemory extends EventRepository {
  readonly #bounds: { readonly events: number; readonly bytes: number };
  readonly #clock: Clock;
  readonly #events: Event[] = [];
  readonly #sizes = new Map<string, number>();
  readonly #newestOfAddress = new Map<string, Event>();
  /** `<author>/<event id or address>` → the timestamp of the kind 5 that names it (NIP-09). */
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

  /** Stores an event; `bytes` is its size as JSON. A kind 5 also removes the events that its author may delete. */
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

  /** Returns how many events match any of the filters (NIP-45), regardless of their limits. */
  count(filters: readonly Filter[]): number {
    const nowSeconds = this.#clock.now() / 1000;
    return this.#events.filter((event) => matchesAny(filters, event) && !hasExpired(event, nowSeconds))
      .length;
  }

  /** Required by the library, which stores nothing itself here: `accept.ts` does. */
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

  /** Replaces the older version of a replaceable event. Returns false if a newer version is stored already. */
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

  /** Returns where the event is, or would be inserted. */
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

/** Compares events: the newest first, then the lowest id. */
function inOrder(a: Event, b: Event): number {
  return b.created_at - a.created_at || compareText(a.id, b.id);
}
