import type { Event } from 'nostr-tools/core';
import type { Clock } from '../clock.ts';
import { isGenuine, type Verifier } from './signature.ts';
import { createVerifyPool } from './verify-pool.ts';

/** Up to so many events a second are verified on this thread: 0.3 ms each, and no thread to pay for. */
const HANDFUL_PER_SECOND = 5;

/** Verifies on this thread while events come one by one, and on threads of their own while they come in bulk. */
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

/** Counts its calls; true once there were more than `perSecond` within one second. */
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
