import type { Event } from 'nostr-tools/core';
import type { Clock } from '../clock.ts';
import { isGenuine, type Verifier } from './signature.ts';
import { createVerifyPool } from './verify-pool.ts';

/** Up to this many events a second are verified on this thread: that takes 0.3 ms each, and saves a thread. */
const HANDFUL_PER_SECOND = 5;

/** Creates a verifier that uses this thread while events arrive singly, and threads of its own while they arrive in bulk. */
export function createVerifier({ clock }: { clock: Clock }): Verifier {
  const isBulk = createRateGauge(clock, HANDFUL_PER_SECOND);
  const pool = createVerifyPool({ clock, fallback: verifyHere });
  return {
    verify: (event) => (isBulk() || pool.threads > 0 ? pool.verify(event) : verifyHere(event)),
    close: pool.close,
  };
}

/** Verifies on the calling thread; the first call loads the verifier (about 40 ms). */
async function verifyHere(event: Event): Promise<boolean> {
  return isGenuine(await loadWasm(), event);
}

let wasm: Promise<Parameters<typeof isGenuine>[0]> | null = null;

function loadWasm() {
  wasm ??= import('nostr-wasm').then(({ initNostrWasm }) => initNostrWasm());
  return wasm;
}

/** Returns a function that counts its calls, and returns true if there were more than `perSecond` within one second. */
function createRateGauge(clock: Clock, perSecond: number): () => boolean {
  let since = Number.NEGATIVE_INFINITY;
  let count = 0;
  return () => {
    const now = clock.monotonic();
    if (now - since >= 1_000) {
      since = now;
      count = 0;
    }
    count += 1;
    return count > perSecond;
  };
}
