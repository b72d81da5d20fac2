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
  /** How many the relay has not taken yet. */
  readonly waiting: number;
  /** Resolves when nothing waits, or when `signal` aborts. */
  idle(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** A relay's refusal that trying again at once won't change: the event waits longer, and others pass it. */
const REFUSAL = /^(error: )?(blocked|invalid|restricted|pow|auth-required|unsupported):/u;
const REFUSED_WAIT_MS = 300_000;
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/**
 * One relay's delivery. `taken` is called when the relay has the event; `failed` when it did not take it, with its
 * words. An event waits until it is taken: only who knows that another relay has it may `drop` it.
 */
export function createDelivery(options: {
  relay: string;
  /** A pool of this relay alone. */
  pool: Relays;
  clock: Clock;
  taken: (event: Event) => void;
  failed: (event: Event, reason: string, isRefusal: boolean) => void;
}): Delivery & { drop(eventId: string): void } {
  const { relay, pool, clock } = options;
  const backoff = createBackoff({ shortestMs: SHORTEST_WAIT_MS, longestMs: LONGEST_WAIT_MS });
  const closing = new AbortController();
  const idlers = new Set<() => void>();
  let queue: Parcel[] = [];
  let refused: Parcel[] = [];
  let underWay: Parcel | null = null;
  let running = false;
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
    if (waiting() === 0) for (const idler of [...idlers]) idler();
  }

  async function deliver(parcel: Parcel): Promise<void> {
    const [answer] = await pool.publish(parcel.event, { signal: closing.signal });
    if (closing.signal.aborted || !answer) return;
    if (answer.accepted) {
      backoff.reset();
      return options.taken(parcel.event);
    }
    const isRefusal = REFUSAL.test(answer.reason);
    options.failed(parcel.event, answer.reason, isRefusal);
    if (isRefusal) return setAside(parcel);
    if (!isOutdated(parcel)) queue.unshift(parcel);
    wake = new AbortController();
    await sleep(clock, backoff.next(), AbortSignal.any([wake.signal, closing.signal]));
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

  function waiting(): number {
    return queue.length + refused.length + (underWay ? 1 : 0);
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
      return waiting();
    },
    idle(signal) {
      if (waiting() === 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          idlers.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        idlers.add(done);
        signal.addEventListener('abort', done, { once: true });
      });
    },
    close() {
      closing.abort();
      stopListening();
      cancelSecondChance();
    },
  };
}
