import type { Event } from 'nostr-tools/core';
import { type Clock, sleep } from '../../../clock.ts';
import { createBackoff } from '../../../io/backoff.ts';
import type { Relays } from '../../../nostr/relays.ts';

/** Brings events to one relay, in order, for as long as it takes. */
export interface RelaySender {
  readonly relay: string;
  put(event: Event): void;
  /** The event need not be sent there any more. */
  drop(eventId: string): void;
  /** Whether every waiting event has failed and is due for a later attempt. */
  readonly isStuck: boolean;
  close(): void;
}

export interface RelaySenderListener {
  /** The relay has the event. */
  taken(event: Event): void;
  /** The relay did not accept it, in its words; it is tried again. A refusal is unlikely to change. */
  failed(event: Event, reason: string, isRefusal: boolean): void;
}

/** Trying again at once will not help: the event waits longer, and others pass it. */
const REFUSAL = /^(error: )?(blocked|invalid|restricted|pow|auth-required|unsupported):/u;
const REFUSED_WAIT_MS = 300_000;
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/** Creates the sender of one relay; `pool` has only this relay. */
export function createRelaySender(options: {
  relay: string;
  pool: Relays;
  clock: Clock;
  listener: RelaySenderListener;
}): RelaySender {
  const { relay, pool, clock, listener } = options;
  const backoff = createBackoff({ shortestMs: SHORTEST_WAIT_MS, longestMs: LONGEST_WAIT_MS });
  const closing = new AbortController();
  let queue: Event[] = [];
  let refused: Event[] = [];
  let underWay: Event | null = null;
  let isRunning = false;
  let isPausing = false;
  let wake = new AbortController();
  let cancelSecondChance = () => {};
  const stopListening = pool.onHealth(() => {
    if (pool.peers().some((peer) => peer.problem === null)) wake.abort();
  });

  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    for (underWay = take(); underWay; underWay = take()) await deliver(underWay);
    isRunning = false;
  }

  function take(): Event | null {
    return closing.signal.aborted ? null : (queue.shift() ?? null);
  }

  async function deliver(event: Event): Promise<void> {
    const [answer] = await pool.publish(event, { signal: closing.signal });
    if (closing.signal.aborted || !answer) return;
    const isDropped = underWay === null;
    underWay = null;
    if (answer.accepted) {
      backoff.reset();
      return listener.taken(event);
    }
    const isRefusal = REFUSAL.test(answer.reason);
    if (isRefusal && !isDropped) setAside(event);
    if (!isRefusal && !isDropped) queue.unshift(event);
    isPausing = !isRefusal;
    listener.failed(event, answer.reason, isRefusal);
    if (isPausing) await pause();
  }

  /** Waits until the back-off is over, or the relay comes back. */
  async function pause(): Promise<void> {
    wake = new AbortController();
    await sleep(clock, backoff.next(), AbortSignal.any([wake.signal, closing.signal]));
    isPausing = false;
  }

  function setAside(event: Event): void {
    if (refused.push(event) > 1) return;
    cancelSecondChance = clock.after(REFUSED_WAIT_MS, () => {
      queue.push(...refused);
      refused = [];
      void run();
    });
  }

  return {
    relay,
    put(event) {
      queue.push(event);
      void run();
    },
    drop(eventId) {
      const isOther = (event: Event) => event.id !== eventId;
      queue = queue.filter(isOther);
      refused = refused.filter(isOther);
      if (underWay && !isOther(underWay)) underWay = null;
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
