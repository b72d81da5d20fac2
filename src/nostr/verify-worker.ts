import { parentPort } from 'node:worker_threads';
import type { Event } from 'nostr-tools/core';
import { initNostrWasm } from 'nostr-wasm';
import { isGenuine } from './signature.ts';

/** The other side of `verify.ts`: batches of events in, a list of verdicts out, in the same order. */
const wasm = await initNostrWasm();

parentPort?.on('message', (events: readonly Event[]) => {
  parentPort?.postMessage(events.map((event) => isGenuine(wasm, event)));
});
