import type { VerifiedEvent } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../../../clock.ts';
import { DELETION_KIND } from '../../../nostr/nip90/format.ts';
import { type History, historySince } from '../../../nostr/relay/pager.ts';
import type { Relays } from '../../../nostr/relays.ts';
import { tagsNamed } from '../../../nostr/tags.ts';

/** What arrives for a provider: requests of its kinds, and withdrawals (kind 5) of the jobs it has. */
export interface Inbox {
  /**
   * Asks the relays for requests of these kinds: of the stored ones, those younger than `sinceMs` (epoch ms), and all new ones,
   * because the requester's clock may be slow.
   */
  listen(kinds: readonly number[], sinceMs: number): void;
  /** Sets the only jobs whose withdrawals are of interest. */
  watch(jobIds: readonly string[]): void;
  close(): void;
}

export interface InboxListener {
  /** A request; the same one may arrive several times. */
  requested(event: VerifiedEvent): void;
  /** Somebody withdraws these ids. The listener has to check whether they are theirs to withdraw. */
  withdrawn(event: VerifiedEvent, jobIds: readonly string[]): void;
}

const LARGEST_FILTER = 200;
const PAGE = 100;
/** Jobs arrive in bursts: one subscription for all of them. */
const SETTLE_MS = 20;

export function createInbox(options: {
  pools: readonly Relays[];
  clock: Clock;
  listener: InboxListener;
}): Inbox {
  const { pools, clock, listener } = options;
  const ends: (() => void)[] = [];
  let endWatch = () => {};
  let cancelWatch: (() => void) | null = null;
  let watched: readonly string[] = [];

  function subscribe(
    filters: readonly Filter[],
    event: (event: VerifiedEvent) => void,
    history?: History,
  ): () => void {
    const ends = pools.map((pool) => pool.subscribe(filters, { event, caughtUp() {} }, history));
    return () => {
      for (const end of ends) end();
    };
  }

  function renewWatch(): void {
    cancelWatch = null;
    endWatch();
    endWatch = () => {};
    if (watched.length === 0) return;
    const filters: Filter[] = [];
    for (let from = 0; from < watched.length; from += LARGEST_FILTER)
      filters.push({ kinds: [DELETION_KIND], '#e': watched.slice(from, from + LARGEST_FILTER) });
    endWatch = subscribe(filters, (event) => {
      const named = tagsNamed(event.tags, 'e').map(([, id = '']) => id);
      listener.withdrawn(event, named);
    });
  }

  return {
    listen(kinds, sinceMs) {
      const filter = { kinds: [...kinds], limit: PAGE };
      ends.push(subscribe([filter], listener.requested, historySince(sinceMs)));
    },
    watch(jobIds) {
      watched = jobIds;
      cancelWatch ??= clock.after(SETTLE_MS, renewWatch);
    },
    close() {
      cancelWatch?.();
      endWatch();
      for (const end of ends) end();
    },
  };
}
