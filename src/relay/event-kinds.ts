import type { NostrEvent } from 'nostr-tools/core';
import { isAddressableKind, isReplaceableKind } from 'nostr-tools/kinds';

/** Whether a newer event of the same author (and `d` tag) takes the place of an older one. */
export function isReplaceable(kind: number): boolean {
  return isReplaceableKind(kind) || isAddressableKind(kind);
}

/** `<kind>:<author>:<d tag>`: what a replaceable event is known by, and what an `a` tag names. */
export function addressOf(event: NostrEvent): string {
  const name = isAddressableKind(event.kind) ? (event.tags.find((tag) => tag[0] === 'd')?.[1] ?? '') : '';
  return `${event.kind}:${event.pubkey}:${name}`;
}

/** The event ids and addresses that a kind 5 asks to delete (NIP-09). Whose they are is for the caller to check. */
export function deletionTargets(deletion: NostrEvent): string[] {
  return deletion.tags.filter(([name]) => name === 'e' || name === 'a').map((tag) => tag[1] ?? '');
}

/**
 * A request for a job (NIP-90). Its requester's kind 5 withdraws the job; the request itself is kept, so that anyone who
 * looks later still sees what was cancelled, and can ask for it again.
 */
export function isJobRequest(kind: number): boolean {
  return kind >= 5000 && kind <= 5999;
}
