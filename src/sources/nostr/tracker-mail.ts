import type { Event } from 'nostr-tools/core';
import type { Clock } from '../../clock.ts';
import type { Outbox, StoredEvent, StoredJob } from '../../storage/outbox.ts';
import type { Relays } from './relays.ts';
import { createDelivery } from './tracker-delivery.ts';
import { createSaver } from './tracker-saver.ts';

/** A signed event to be sent; `replaceable` as in `StoredEvent`. */
export interface Letter {
  readonly event: Event;
  readonly replaceable: boolean;
}

/** Sends events to every relay, and remembers on disk what is not everywhere yet. */
export interface Mail {
  /** Keeps the job's state and the letters (all or nothing), then sends them. */
  post(job: StoredJob, letters: readonly Letter[]): void;
  /**
   * Resolves when every relay has everything; or, where some can't be reached now, everything is at one relay at
   * least; or when `signal` aborts.
   */
  delivered(signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface MailListener {
  /** A relay did not take an event, in its words. Told once for each relay and reason. */
  undelivered(relay: string, reason: string): void;
  /** The state could not be written to disk; it is kept in memory and written again with the next change. */
  unsaved(error: unknown): void;
}

/** Takes up what an earlier process left undelivered. `pools` holds one pool of one relay for each relay. */
export function createMail(options: {
  pools: ReadonlyMap<string, Relays>;
  outbox: Outbox;
  clock: Clock;
  listener: MailListener;
}): Mail {
  const { pools, outbox, clock, listener } = options;
  const saved = createSaver(outbox, listener.unsaved);
  /** The relays that each event on its way still has to reach. */
  const missing = new Map<string, Set<string>>();
  const takenSomewhere = new Set<string>();
  const refusedBy = new Map<string, Set<string>>();
  const complaints = new Set<string>();
  const waiters = new Set<() => void>();
  const deliveries = [...pools].map(([relay, pool]) =>
    createDelivery({
      relay,
      pool,
      clock,
      taken: (event) => taken(event.id, relay),
      failed(event, reason, isRefusal) {
        complain(relay, reason);
        if (isRefusal) refused(event.id, relay);
        check();
      },
    }),
  );
  for (const stored of outbox.events()) resume(stored);

  function resume(stored: StoredEvent): void {
    const settled = new Set(outbox.settledRelays(stored.id));
    const left = [...pools.keys()].filter((relay) => !settled.has(relay));
    if (settled.size > 0) takenSomewhere.add(stored.id);
    if (left.length === 0) return outbox.remove(stored.id);
    send({ ...stored, event: JSON.parse(stored.document) }, left);
  }

  function send(parcel: Letter & { readonly job: string }, relays: readonly string[]): void {
    missing.set(parcel.event.id, new Set(relays));
    for (const delivery of deliveries) if (relays.includes(delivery.relay)) delivery.put(parcel);
  }

  function taken(id: string, relay: string): void {
    takenSomewhere.add(id);
    settle(id, relay);
    for (const refusing of refusedBy.get(id) ?? []) settle(id, refusing);
    check();
  }

  function check(): void {
    if (isDelivered()) for (const waiter of [...waiters]) waiter();
  }

  function isDelivered(): boolean {
    const isSafe = [...missing.keys()].every((id) => takenSomewhere.has(id));
    return missing.size === 0 || (isSafe && deliveries.every((delivery) => delivery.isStuck));
  }

  /** A refusal is final once another relay has the event; before that it may be the event's only way. */
  function refused(id: string, relay: string): void {
    if (takenSomewhere.has(id)) return settle(id, relay);
    refusedBy.set(id, (refusedBy.get(id) ?? new Set()).add(relay));
  }

  function settle(id: string, relay: string): void {
    const left = missing.get(id);
    if (!left?.delete(relay)) return;
    deliveries.find((delivery) => delivery.relay === relay)?.drop(id);
    if (left.size > 0) return saved.settle(id, relay);
    missing.delete(id);
    takenSomewhere.delete(id);
    refusedBy.delete(id);
    saved.remove(id);
  }

  function complain(relay: string, reason: string): void {
    const complaint = `${relay} ${reason}`;
    if (complaints.has(complaint)) return;
    if (complaints.size >= 100) complaints.clear();
    complaints.add(complaint);
    listener.undelivered(relay, reason);
  }

  return {
    post(job, letters) {
      const storedAt = clock.now();
      saved.record(
        job,
        letters.map(({ event, replaceable }) => ({
          id: event.id,
          job: job.id,
          replaceable,
          document: JSON.stringify(event),
          storedAt,
        })),
      );
      for (const letter of letters) send({ ...letter, job: job.id }, [...pools.keys()]);
    },
    async delivered(signal) {
      if (isDelivered() || signal.aborted) return;
      await new Promise<void>((resolve) => {
        waiters.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    close() {
      for (const delivery of deliveries) delivery.close();
      saved.flush();
    },
  };
}
