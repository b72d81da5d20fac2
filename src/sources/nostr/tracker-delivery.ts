import type { Event } from 'nostr-tools/core';
import { type Clock, sleep } from '../../clock.ts';
import { createBackoff } from '../backoff.ts';
import type { Relays } from './relays.ts';

/** An event on its way. A `replaceable` one gives way to the next event of its job as long as it waits. */
export interface Parcel {
  readonly event: Event;
  readonly job: string;
  readonly replaceable: boolean;
}

/** Brings events to one relay, in order, for as long as it takes. */
export interface Delivery {
  readonly relay: string;
  put(parcel: Parcel): void;
  /** The event need not be brought there any more. */
  drop(eventId: string): void;
  /** How many the relay has not taken yet. */
  readonly waiting: number;
  /** Whether all that waits waits for a later attempt. */
  readonly isStuck: boolean;
  close(): void;
}

/** A relay's refusal that trying again at once won't change: the event waits longer, and others pass it. */
const REFUSAL = /^(error: )?(blocked|invalid|restricted|pow|auth-required|unsupported):/u;
const REFUSED_WAIT_MS = 300_000;
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/**
 * `taken` is called when the relay has the event; `failed` when it did not take it, with its
 * words. An event waits until it is taken: only who knows that another relay has it may `drop` it.
 */
export function createDelivery(options: {
  relay: string;
  /** A pool of this relay alone. */
  pool: Relays;
  clock: Clock;
  taken: (event: Event) => void;
  failed: (event: Event, reason: string, isRefusal: boolean) => void;
}): Delivery {
  const { relay, pool, clock } = options;
  const backoff = createBackoff({ shortestMs: SHORTEST_WAIT_MS, longestMs: LONGEST_WAIT_MS });
  const closing = new AbortController();
  let queue: Parcel[] = [];
  let refused: Parcel[] = [];
  let underWay: Parcel | null = null;
  let running = false;
  let isPausing = false;
  let wake = new AbortController();
  let cancelSecondChance = () => {};
  const stopListening = pool.onHealth(() => {
    if (pool.peers().some((peer) => peer.problem === null)) wake.abort();
  });

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (!closing.signal.aborted) {
      underWay = queue.shift() ?? null;
      if (!underWay) break;
      await deliver(underWay);
      underWay = null;
    }
    running = false;
  }

  async function deliver(parcel: Parcel): Promise<void> {
    const [answer] = await pool.publish(parcel.event, { signal: closing.signal });
    if (closing.signal.aborted || !answer) return;
    if (answer.accepted) {
      backoff.reset();
      return options.taken(parcel.event);
    }
    if (REFUSAL.test(answer.reason)) {
      setAside(parcel);
      return options.failed(parcel.event, answer.reason, true);
    }
    if (!isOutdated(parcel)) queue.unshift(parcel);
    await pause(() => options.failed(parcel.event, answer.reason, false));
  }

  /** Until the back-off is over, or the relay comes back. */
  async function pause(tell: () => void): Promise<void> {
    wake = new AbortController();
    isPausing = true;
    underWay = null;
    tell();
    await sleep(clock, backoff.next(), AbortSignal.any([wake.signal, closing.signal]));
    isPausing = false;
  }

  function setAside(parcel: Parcel): void {
    if (refused.push(parcel) > 1) return;
    cancelSecondChance = clock.after(REFUSED_WAIT_MS, () => {
      queue.push(...refused);
      refused = [];
      void run();
    });
  }

  function isOutdated(parcel: Parcel): boolean {
    return parcel.replaceable && queue.some((other) => other.job === parcel.job);
  }

  return {
    relay,
    put(parcel) {
      const isReplaced = (other: Parcel) => other.replaceable && other.job === parcel.job;
      queue = [...queue.filter((other) => !isReplaced(other)), parcel];
      refused = refused.filter((other) => !isReplaced(other));
      void run();
    },
    drop(eventId) {
      queue = queue.filter(({ event }) => event.id !== eventId);
      refused = refused.filter(({ event }) => event.id !== eventId);
    },
    get waiting() {
      return queue.length + refused.length + (underWay ? 1 : 0);
    },
    get isStuck() {
      return isPausing || (queue.length === 0 && underWay === null);
    },
    close() {
      closing.abort();
      stopListening();
      cancelSecondChance();
    },
  };
}
