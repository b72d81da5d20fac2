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

/** A pool of relays: what one of them lacks, loses or sends twice is made good by the others. */
export interface Relays {
  /**
   * Genuine events that match any of the filters, from all relays, each id once (of the last 50,000, at least).
   * `caughtUp` is called once for each connection of a relay, when all that it had stored was handed on, as far back
   * as `history` reaches (10,000 events of each filter). The returned function ends the subscription.
   */
  subscribe(filters: readonly Filter[], handlers: SubscriptionHandlers, history?: History): () => void;
  /**
   * Sends the event to every relay; resolves when each has answered or had its time (5 s; at once where a relay is
   * down). `onAnswer` hears each answer as it comes. Never rejects.
   */
  publish(event: Event, options?: PublishOptions): Promise<readonly PublishAnswer[]>;
  /** Each relay's state, as last told to the listeners of `onHealth`. */
  peers(): readonly Peer[];
  /** Hears when a relay's state or problem changed, or its delay noticeably. */
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

export const RELAY_TIMES: RelayTimes = { connectMs: 10_000, pingMs: 5_000, answerMs: 5_000, closeMs: 300 };

const REMEMBERED_IDS = 50_000;
const MOST_READ_BACK = 10_000;

/** Connects to all `urls` at once, and again for as long as it takes, until `close`. The verifier stays the caller's. */
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

/** Tells whether a peer reads as before. Small changes of the delay are no news: a quiet screen stays quiet. */
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
