import { parentPort } from 'node:worker_threads';
import type { Event } from 'nostr-tools/core';
import { initNostrWasm } from 'nostr-wasm';
import { isGenuine } from './signature.ts';

/** The thread's side of `verify-thread.ts`: takes batches of events, and posts for each whether they are genuine, in order. */
const wasm = await initNostrWasm();

parentPort?.on('message', (events: readonly Event[]) => {
  parentPort?.postMessage(events.map((event) => isGenuine(wasm, event)));
});
