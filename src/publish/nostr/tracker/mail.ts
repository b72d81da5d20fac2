import type { Event } from 'nostr-tools/core';
import type { Clock } from '../../../clock.ts';
import type { Relays } from '../../../nostr/relays.ts';
import type { Outbox, StoredEvent, StoredJob } from '../../../storage/outbox.ts';
import { createCourier } from './courier.ts';
import { createSaver } from './saver.ts';

/** A signed event to be sent. A `replaceable` one gives way to the next letter of its job as long as it waits. */
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
  /** How many events no relay has taken yet. */
  readonly untaken: number;
  close(): void;
}

export interface MailListener {
  /** A relay did not take an event, in its words. Told once for each relay and reason. */
  undelivered(relay: string, reason: string): void;
  /** The state could not be written to disk; it is kept in memory and written again with the next change. */
  unsaved(error: unknown): void;
}

/** An event on its way. */
interface Parcel {
  /** The relays that still need it. */
  readonly missing: Set<string>;
  /** Those of them that said no: final once another relay has it, before that it may be the only way. */
  readonly refusedBy: Set<string>;
  isTaken: boolean;
}

const REMEMBERED_COMPLAINTS = 100;

/** Takes up what an earlier process left undelivered. `pools` holds one pool of one relay for each relay. */
export function createMail(options: {
  pools: ReadonlyMap<string, Relays>;
  outbox: Outbox;
  clock: Clock;
  listener: MailListener;
}): Mail {
  const { pools, outbox, clock, listener } = options;
  const saver = createSaver(outbox, listener.unsaved);
  const parcels = new Map<string, Parcel>();
  /** By job: the event that its next letter replaces. */
  const replaceable = new Map<string, string>();
  const complaints = new Set<string>();
  const waiters = new Set<() => void>();
  const couriers = [...pools].map(([relay, pool]) =>
    createCourier({
      relay,
      pool,
      clock,
      listener: {
        taken: (event) => taken(event.id, relay),
        failed(event, reason, isRefusal) {
          complain(relay, reason);
          if (isRefusal) refused(event.id, relay);
          check();
        },
      },
    }),
  );
  for (const stored of outbox.events()) resume(stored);

  function resume({ id, job, document, ...stored }: StoredEvent): void {
    const settled = new Set(outbox.settledRelays(id));
    const missing = [...pools.keys()].filter((relay) => !settled.has(relay));
    if (missing.length === 0) return outbox.remove(id);
    send(job, { event: JSON.parse(document), replaceable: stored.replaceable }, missing, settled.size > 0);
  }

  function send(job: string, letter: Letter, relays: readonly string[], isTaken = false): void {
    const { id } = letter.event;
    parcels.set(id, { missing: new Set(relays), refusedBy: new Set(), isTaken });
    if (letter.replaceable) replaceable.set(job, id);
    for (const courier of couriers) if (relays.includes(courier.relay)) courier.put(letter.event);
  }

  /** The outbox does the same to its copy when it records the next letters. */
  function dropReplaced(job: string): void {
    const id = replaceable.get(job);
    if (id === undefined) return;
    replaceable.delete(job);
    parcels.delete(id);
    for (const courier of couriers) courier.drop(id);
  }

  function taken(id: string, relay: string): void {
    const parcel = parcels.get(id);
    if (!parcel) return;
    parcel.isTaken = true;
    for (const settled of [relay, ...parcel.refusedBy]) settle(id, parcel, settled);
    check();
  }

  function refused(id: string, relay: string): void {
    const parcel = parcels.get(id);
    parcel?.refusedBy.add(relay);
    if (parcel?.isTaken) settle(id, parcel, relay);
  }

  function settle(id: string, { missing }: Parcel, relay: string): void {
    if (!missing.delete(relay)) return;
    couriers.find((courier) => courier.relay === relay)?.drop(id);
    if (missing.size > 0) return saver.settle(id, relay);
    parcels.delete(id);
    saver.remove(id);
  }

  function check(): void {
    if (isDelivered()) for (const waiter of [...waiters]) waiter();
  }

  function isDelivered(): boolean {
    const isSafe = [...parcels.values()].every((parcel) => parcel.isTaken);
    return parcels.size === 0 || (isSafe && couriers.every((courier) => courier.isStuck));
  }

  function complain(relay: string, reason: string): void {
    const complaint = `${relay} ${reason}`;
    if (complaints.has(complaint)) return;
    if (complaints.size >= REMEMBERED_COMPLAINTS) complaints.clear();
    complaints.add(complaint);
    listener.undelivered(relay, reason);
  }

  return {
    post(job, letters) {
      const storedAt = clock.now();
      const stored = letters.map(({ event, replaceable }) => ({
        id: event.id,
        job: job.id,
        replaceable,
        document: JSON.stringify(event),
        storedAt,
      }));
      saver.record(job, stored);
      if (letters.length > 0) dropReplaced(job.id);
      for (const letter of letters) send(job.id, letter, [...pools.keys()]);
    },
    async delivered(signal) {
      if (isDelivered() || signal.aborted) return;
      await new Promise<void>((resolve) => {
        waiters.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    get untaken() {
      return [...parcels.values()].filter((parcel) => !parcel.isTaken).length;
    },
    close() {
      for (const courier of couriers) courier.close();
      saver.flush();
    },
  };
}
