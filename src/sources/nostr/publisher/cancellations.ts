import type { VerifiedEvent } from 'nostr-tools/core';
import type { Clock } from '../../../clock.ts';
import { decodeCancellation } from '../decode-request.ts';
import { DELETION_KIND } from '../format.ts';
import { createRecentSet } from '../relay/recent-set.ts';
import type { Relays } from '../relays.ts';

/** A cancellation from before our time is not obeyed, but clocks differ. */
const CLOCKS_DIFFER_BY_MS = 120_000;
const REMEMBERED = 10_000;

/**
 * Hears cancellations (kind 5) by these keys, and by nobody else: `onCancel` gets the id of the request, and by whom.
 * They are asked for by their authors: lists of requests would soon be longer than relays take.
 */
export function listenForCancellations(
  pools: readonly Relays[],
  authors: readonly string[],
  clock: Clock,
  onCancel: (requestId: string, by: string) => void,
): () => void {
  const since = Math.floor((clock.now() - CLOCKS_DIFFER_BY_MS) / 1000);
  const seen = createRecentSet<string>(REMEMBERED);
  const event = (deletion: VerifiedEvent) => {
    const isToBeObeyed = authors.includes(deletion.pubkey) && deletion.created_at >= since;
    if (seen.has(deletion.id) || !isToBeObeyed) return;
    seen.add(deletion.id);
    for (const id of decodeCancellation(deletion)?.requestIds ?? []) onCancel(id, deletion.pubkey);
  };
  const filter = { kinds: [DELETION_KIND], authors: [...authors], since };
  const stops = pools.map((pool) => pool.subscribe([filter], { event, caughtUp() {} }));
  return () => stops.forEach((stop) => stop());
}
