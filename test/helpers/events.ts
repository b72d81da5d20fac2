import type { EventTemplate, VerifiedEvent } from 'nostr-tools/core';
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure';
import { initNostrWasm } from 'nostr-wasm';

/** Signs six times as fast as the pure implementation, which matters in tests that fill relays; it needs little memory. */
const wasm = await initNostrWasm();
const LONGEST_FOR_WASM = 100_000;

/** Returns a throwaway key that is the same in every run: `keyPair(1)`, `keyPair(2)`, … */
export function keyPair(number: number): { secretKey: Uint8Array; pubkey: string } {
  const secretKey = new Uint8Array(32);
  secretKey[30] = Math.floor(number / 256);
  secretKey[31] = number % 256;
  return { secretKey, pubkey: getPublicKey(secretKey) };
}

/**
 * Signs a template: kind 1, no tags, no content and the stamp 1,800,000,000 by default. The event is as it comes from the wire,
 * without the library's mark that it was verified.
 */
export function signed(secretKey: Uint8Array, template: Partial<EventTemplate> = {}): VerifiedEvent {
  const event = { kind: 1, created_at: 1_800_000_000, tags: [], content: '', ...template } as VerifiedEvent;
  if (event.content.length > LONGEST_FOR_WASM) finalizeEvent(event, secretKey);
  else wasm.finalizeEvent(event, secretKey);
  return JSON.parse(JSON.stringify(event));
}
