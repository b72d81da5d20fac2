import type { NostrEvent } from 'nostr-tools/core';

/** Returns when an event expires (NIP-40), in Unix seconds; null if it never does. */
function expirationOf(event: NostrEvent): number | null {
  const stamp = event.tags.find((tag) => tag[0] === 'expiration')?.[1];
  const seconds = stamp ? Number(stamp) : Number.NaN;
  return Number.isFinite(seconds) ? seconds : null;
}

export function hasExpired(event: NostrEvent, nowSeconds: number): boolean {
  const expiration = expirationOf(event);
  return expiration !== null && expiration <= nowSeconds;
}
