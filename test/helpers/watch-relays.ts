import type { VerifiedEvent } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import { systemClock } from '../../src/clock.ts';
import type { Peer } from '../../src/model/event.ts';
import type { History } from '../../src/nostr/relay/pager.ts';
import type { RelayTimes } from '../../src/nostr/relay/relay-client.ts';
import { createRelays, type Relays } from '../../src/nostr/relays.ts';
import type { Signer } from '../../src/nostr/signer.ts';
import { createVerifier } from '../../src/nostr/verify.ts';

/** Short enough for tests, long enough for a busy machine on which nothing is wrong. */
export const QUICK_TIMES: RelayTimes = { connectMs: 500, pingMs: 300, answerMs: 500, closeMs: 100 };

/** Relays with one subscription, and what it received. */
export interface Watch {
  readonly relays: Relays;
  readonly events: VerifiedEvent[];
  /** The relays that have caught up, once for each connection. */
  readonly caughtUp: string[];
  peer(index?: number): Peer;
  /** Returns the problem of one relay, in words. */
  trouble(index?: number): string | undefined;
  [Symbol.asyncDispose](): Promise<void>;
}

export function watchRelays(
  urls: readonly string[],
  options: {
    filters?: readonly Filter[];
    signer?: Signer;
    times?: Partial<RelayTimes>;
    history?: History;
  } = {},
): Watch {
  const verifier = createVerifier({ clock: systemClock });
  const relays = createRelays({
    urls,
    clock: systemClock,
    verifier,
    times: { ...QUICK_TIMES, ...options.times },
    ...(options.signer && { signer: options.signer }),
  });
  const events: VerifiedEvent[] = [];
  const caughtUp: string[] = [];
  relays.subscribe(
    options.filters ?? [{ kinds: [1] }],
    { event: (event) => void events.push(event), caughtUp: (from) => void caughtUp.push(from) },
    options.history,
  );
  const peer = (index = 0) => relays.peers()[index] as Peer;
  return {
    relays,
    events,
    caughtUp,
    peer,
    trouble: (index) => peer(index).problem?.message,
    async [Symbol.asyncDispose]() {
      await relays.close();
      await verifier.close();
    },
  };
}
