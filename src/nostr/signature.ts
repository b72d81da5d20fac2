import type { Event } from 'nostr-tools/core';

/** Checks ids and signatures of events that have the right shape (`event-shape.ts`). */
export interface Verifier {
  /** Resolves to whether the event is genuine. Never rejects. */
  verify(event: Event): Promise<boolean>;
  close(): Promise<void>;
}

/** The part of nostr-wasm that is used. Declared here, because its own types need those of browsers. */
interface WasmVerifier {
  /** Throws unless the event is genuine. */
  verifyEvent(event: Event): void;
}

/** Tells whether an event's id matches its content, and its signature matches its id and key. */
export function isGenuine(wasm: WasmVerifier, event: Event): boolean {
  try {
    wasm.verifyEvent(event);
    return true;
  } catch {
    return false;
  }
}
