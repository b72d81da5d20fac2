import type { Event } from 'nostr-tools/core';

/** Checks ids and signatures of events that have the right shape (`event-shape.ts`). */
export interface Verifier {
  /** Is the event genuine? Never rejects. */
  verify(event: Event): Promise<boolean>;
  close(): Promise<void>;
}

/** The part of nostr-wasm that is used. Said here: its own types need those of browsers, and ours must do without. */
interface WasmVerifier {
  /** Throws unless the event is genuine. */
  verifyEvent(event: Event): void;
}

/** Tells whether the id belongs to the content, and the signature to id and key. */
export function isGenuine(wasm: WasmVerifier, event: Event): boolean {
  try {
    wasm.verifyEvent(event);
    return true;
  } catch {
    return false;
  }
}
