import type { Event, VerifiedEvent } from 'nostr-tools/core';
import type { Clock } from '../../../clock.ts';
import { decodeCancellation } from '../../../nostr/nip90/decode-request.ts';
import { DELETION_KIND, OWN_WORK_KIND } from '../../../nostr/nip90/format.ts';
import { createRecentSet } from '../../../nostr/relay/recent-set.ts';
import type { Relays } from '../../../nostr/relays.ts';
import { tagsNamed } from '../../../nostr/tags.ts';

/** Commands from before our start are not obeyed, but clocks differ. */
const CLOCKS_DIFFER_BY_MS = 120_000;
const REMEMBERED = 10_000;

/**
 * Listens for commands for published jobs: cancellations (kind 5) by these keys, and requests of our own key that repeat one.
 * The filters name their authors: lists of requests would soon be longer than relays accept.
 */
export function listenForCommands(options: {
  readonly pools: readonly Relays[];
  readonly clock: Clock;
  readonly pubkey: string;
  /** Whose cancellations count besides our own key's. */
  readonly allowed: readonly string[];
  readonly onCancel: (requestId: string, by: string) => void;
  /** `repeat` is the request that asks for a repetition; it may be one of our own making. */
  readonly onRetry: (requestId: string, repeat: Event) => void;
}): () => void {
  const { pools, clock, pubkey, onCancel, onRetry } = options;
  const since = Math.floor((clock.now() - CLOCKS_DIFFER_BY_MS) / 1000);
  const authors = [pubkey, ...options.allowed];
  const seen = createRecentSet<string>(REMEMBERED);

  function event(asked: VerifiedEvent): void {
    if (seen.has(asked.id) || asked.created_at < since) return;
    seen.add(asked.id);
    const deletion = authors.includes(asked.pubkey) ? decodeCancellation(asked) : null;
    for (const id of deletion?.requestIds ?? []) onCancel(id, asked.pubkey);
    if (asked.kind !== OWN_WORK_KIND || asked.pubkey !== pubkey) return;
    for (const [, id = ''] of tagsNamed(asked.tags, 'retry')) onRetry(id, asked);
  }

  const filters = [
    { kinds: [DELETION_KIND], authors, since },
    { kinds: [OWN_WORK_KIND], authors: [pubkey], since },
  ];
  const stops = pools.map((pool) => pool.subscribe(filters, { event, caughtUp() {} }));
  return () => stops.forEach((stop) => stop());
}
