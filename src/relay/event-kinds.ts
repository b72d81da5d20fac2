import type { NostrEvent } from 'nostr-tools/core';
import { isAddressableKind, isReplaceableKind } from 'nostr-tools/kinds';

/** Tells whether a newer event of this kind by the same author (and with the same `d` tag) replaces an older one. */
export function isReplaceable(kind: number): boolean {
  return isReplaceableKind(kind) || isAddressableKind(kind);
}

/** Returns the address of a replaceable event, `<kind>:<author>:<d tag>`, which an `a` tag contains. */
export function addressOf(event: NostrEvent): string {
  const name = isAddressableKind(event.kind) ? (event.tags.find((tag) => tag[0] === 'd')?.[1] ?? '') : '';
  return `${event.kind}:${event.pubkey}:${name}`;
}

/** Returns the event ids and addresses that a kind 5 asks to delete (NIP-09). The caller must check who owns them. */
export function deletionTargets(deletion: NostrEvent): string[] {
  return deletion.tags.filter(([name]) => name === 'e' || name === 'a').map((tag) => tag[1] ?? '');
}

/**
 * Tells whether an event is a request for a job (NIP-90). Its requester's kind 5 withdraws the job, but the request itself
 * is kept, so that anyone who looks later still sees what was cancelled and can ask for it again.
 */
export function isJobRequest(kind: number): boolean {
  return kind >= 5000 && kind <= 5999;
}
