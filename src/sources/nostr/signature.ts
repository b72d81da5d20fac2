import type { Event } from 'nostr-tools/core';
import type { Nostr } from 'nostr-wasm';

/** Checks ids and signatures of events that have the right shape (`event-shape.ts`). */
export interface Verifier {
  /** Is the event genuine? Never rejects. */
  verify(event: Event): Promise<boolean>;
  close(): Promise<void>;
}

/** Does the id belong to the content, and the signature to id and key? */
export function holds(wasm: Pick<Nostr, 'verifyEvent'>, event: Event): boolean {
  try {
    wasm.verifyEvent(event);
    return true;
  } catch {
    return false;
  }
}
