import type { Event, VerifiedEvent } from 'nostr-tools/core';
import type { Filter } from 'nostr-tools/filter';
import type { Clock } from '../clock.ts';
import type { Peer } from '../model/event.ts';
import { shownUrl } from '../model/shown-url.ts';
import { createEventVerifier } from './relay/event-verifier.ts';
import type { History } from './relay/pager.ts';
import { createRecentSet } from './relay/recent-set.ts';
import { createRelayClient, type RelayClient, type RelayTimes } from './relay/relay-client.ts';
import { addressProblem } from './relay/relay-problems.ts';
import type { Verifier } from './signature.ts';
import type { Signer } from './signer.ts';

/** A pool of relays, which make up for each other's gaps; events that several of them send are reported once. */
export interface Relays {
  /**
   * Subscribes to the genuine events that match any of the filters, from all relays, each id once (among at least the last
   * 50,000). `caughtUp` is called once for each connection of a relay, when its stored events were passed on, as far back as
   * `history` reaches (10,000 events for each filter). The returned function ends the subscription.
   */
  subscribe(filters: readonly Filter[], handlers: SubscriptionHandlers, history?: History): () => void;
  /**
   * Sends an event to every relay. Resolves when each has answered or its time is up (5 s; at once for a relay that is down).
   * Calls `onAnswer` with each answer as it arrives. Never rejects.
   */
  publish(event: Event, options?: PublishOptions): Promise<readonly PublishAnswer[]>;
  /** Returns each relay's state, as last reported by `onHealth`. */
  peers(): readonly Peer[];
  /** Calls `listener` when a relay's state or problem has changed, or its delay by a noticeable amount. */
  onHealth(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface SubscriptionHandlers {
  event(event: VerifiedEvent, from: string): void;
  caughtUp(from: string): void;
}

export interface PublishOptions {
  readonly signal?: AbortSignal;
  /** `of` is the number of relays that were asked. */
  readonly onAnswer?: (answer: PublishAnswer, of: number) => void;
}

export interface PublishAnswer {
  readonly relay: string;
  readonly accepted: boolean;
  readonly reason: string;
}

const RELAY_TIMES: RelayTimes = { connectMs: 10_000, pingMs: 5_000, answerMs: 5_000, closeMs: 300 };

const REMEMBERED_IDS = 50_000;
const MOST_READ_BACK = 10_000;

/** Connects to all `urls` at once, and reconnects until `close`. Does not close the verifier. */
export function createRelays(options: {
  urls: readonly string[];
  clock: Clock;
  verifier: Verifier;
  /** Answers relays that ask for a login (NIP-42). */
  signer?: Signer;
  times?: Partial<RelayTimes>;
}): Relays {
  const { clock, signer } = options;
  const verify = createEventVerifier(options.verifier);
  const times = { ...RELAY_TIMES, ...options.times };
  const listeners = new Set<() => void>();
  const urls = [...new Set(options.urls)];
  const relays = new Map<string, RelayClient>();
  for (const url of urls.filter(isRelayUrl)) {
    relays.set(url, createRelayClient(url, { clock, times, verify, signer, changed: tellHealth }));
  }
  let shown = currentPeers();

  function currentPeers(): readonly Peer[] {
    return urls.map((url) => relays.get(url)?.peer() ?? strangerPeer(url));
  }

  function tellHealth(): void {
    const peers = currentPeers();
    if (peers.every((peer, index) => isSamePeer(peer, shown[index]))) return;
    shown = peers;
    for (const listener of listeners) listener();
  }

  return {
    subscribe(filters, handlers, history = { most: MOST_READ_BACK }) {
      const deliveredIds = createRecentSet<string>(REMEMBERED_IDS);
      const ends = [...relays].map(([url, relay]) =>
        relay.subscribe(filters, history, {
          event(event) {
            if (deliveredIds.has(event.id)) return;
            deliveredIds.add(event.id);
            handlers.event(event, url);
          },
          caughtUp: () => handlers.caughtUp(url),
        }),
      );
      return () => {
        for (const end of ends) end();
      };
    },
    publish(event, { signal, onAnswer } = {}) {
      return Promise.all(
        urls.map(async (url) => {
          const result = await (relays.get(url)?.publish(event, signal) ?? notARelay);
          const answer = { relay: url, accepted: result.accepted, reason: result.reason };
          onAnswer?.(answer, urls.length);
          return answer;
        }),
      );
    },
    peers: () => shown,
    onHealth(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      await Promise.all([...relays.values()].map((relay) => relay.close()));
    },
  };
}

const notARelay = { accepted: false, reason: 'not a relay address' };

function isRelayUrl(text: string): boolean {
  return URL.canParse(text) && /^wss?:$/u.test(new URL(text).protocol) && !text.includes('#');
}

function strangerPeer(text: string): Peer {
  return { where: shownUrl(text), status: 'down', delayMs: null, problem: addressProblem(text) };
}

/** Tells whether a peer is the same as before. Ignores small changes of the delay, so that a quiet screen stays quiet. */
function isSamePeer(peer: Peer, before: Peer | undefined): boolean {
  return (
    before !== undefined &&
    peer.status === before.status &&
    peer.problem?.message === before.problem?.message &&
    isSameDelay(peer.delayMs, before.delayMs)
  );
}

function isSameDelay(ms: number | null, beforeMs: number | null): boolean {
  if (ms === null || beforeMs === null) return ms === beforeMs;
  return Math.abs(ms - beforeMs) <= Math.max(20, beforeMs / 2);
}
