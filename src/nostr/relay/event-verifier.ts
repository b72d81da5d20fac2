import { createHash } from 'node:crypto';
import type { Event, VerifiedEvent } from 'nostr-tools/core';
import type { Verifier } from '../signature.ts';
import { createRecentSet } from './recent-set.ts';

/** How many verified ids are remembered at least (each takes about 150 bytes). */
const REMEMBERED_IDS = 50_000;

/** Verifies an event. Copies of one event from several relays are verified only once. */
export type EventVerifier = (event: Event) => Promise<boolean>;

/**
 * Creates a verifier that remembers ids only after they are *verified*: a copy with a false signature must not hide the real
 * event. A remembered id vouches only for the content from which it was computed, so a copy is compared by its hash.
 */
export function createEventVerifier(verifier: Verifier): EventVerifier {
  const verifiedIds = createRecentSet<string>(REMEMBERED_IDS);
  const underWay = new Map<string, Promise<boolean>>();

  return async (event) => {
    for (let ahead = underWay.get(event.id); ahead; ahead = underWay.get(event.id)) await ahead;
    if (verifiedIds.has(event.id)) return hashOf(event) === event.id;

    const check = verifier.verify(event);
    underWay.set(event.id, check);
    const genuine = await check;
    underWay.delete(event.id);
    if (genuine) verifiedIds.add(event.id);
    return genuine;
  };
}

/** Returns the id that NIP-01 derives from an event: the SHA-256 of its canonical JSON, in hex. */
function hashOf({ pubkey, created_at, kind, tags, content }: Event): string {
  return createHash('sha256')
    .update(JSON.stringify([0, pubkey, created_at, kind, tags, content]))
    .digest('hex');
}

/** Marks an event that was verified. */
export function asVerified(event: Event): VerifiedEvent {
  return event as VerifiedEvent;
}
