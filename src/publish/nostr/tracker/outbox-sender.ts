import type { Event } from 'nostr-tools/core';
import type { Clock } from '../../../clock.ts';
import type { Relays } from '../../../nostr/relays.ts';
import type { Outbox, StoredEvent, StoredJob } from '../../../storage/outbox.ts';
import { createRelaySender, type RelaySenderListener } from './relay-sender.ts';
import { createSaver } from './saver.ts';

/** A signed event to be sent. While a `replaceable` one is waiting, the next event of its job replaces it. */
export interface OutgoingEvent {
  readonly event: Event;
  readonly replaceable: boolean;
}

/** Sends events to every relay, and keeps on disk what has not reached all of them. */
export interface OutboxSender {
  /** Saves the job's state and the events (all or nothing), then sends them. */
  publish(job: StoredJob, events: readonly OutgoingEvent[]): void;
  /**
   * Resolves when every relay has everything; or, if some cannot be reached now, when at least one has everything; or when
   * `signal` aborts.
   */
  delivered(signal: AbortSignal): Promise<void>;
  /** How many events no relay has accepted yet. */
  readonly untaken: number;
  close(): void;
}

export interface OutboxListener {
  /** A relay did not accept an event, in its words. Called once for each relay and reason. */
  undelivered(relay: string, reason: string): void;
  /** The state could not be written to disk; it is kept in memory and written again with the next change. */
  unsaved(error: unknown): void;
}

/** An event on its way. */
interface PendingEvent {
  /** The relays that still need it. */
  readonly missing: Set<string>;
  /** Those of them that refused it: final once another relay has it; before that, they may be the only way. */
  readonly refusedBy: Set<string>;
  isTaken: boolean;
}

/** Continues with what an earlier process left undelivered. `pools` has one pool of one relay for each relay. */
export function createOutboxSender(options: {
  pools: ReadonlyMap<string, Relays>;
  outbox: Outbox;
  clock: Clock;
  listener: OutboxListener;
}): OutboxSender {
  const { pools, outbox, clock, listener } = options;
  const saver = createSaver(outbox, listener.unsaved);
  const pending = new Map<string, PendingEvent>();
  /** By job: the event that its next one replaces. */
  const replaceable = new Map<string, string>();
  const complain = onceEach(listener.undelivered);
  const delivery = createCondition(isDelivered);
  const senders = [...pools].map(([relay, pool]) =>
    createRelaySender({ relay, pool, clock, listener: listenerFor(relay) }),
  );
  for (const stored of outbox.events()) resume(stored);

  function listenerFor(relay: string): RelaySenderListener {
    return {
      taken: (event) => taken(event.id, relay),
      failed(event, reason, isRefusal) {
        complain(relay, reason);
        if (isRefusal) refused(event.id, relay);
        delivery.check();
      },
    };
  }

  function resume({ id, job, document, ...stored }: StoredEvent): void {
    const settled = new Set(outbox.settledRelays(id));
    const missing = [...pools.keys()].filter((relay) => !settled.has(relay));
    if (missing.length === 0) return outbox.remove(id);
    send(job, { event: JSON.parse(document), replaceable: stored.replaceable }, missing, settled.size > 0);
  }

  function send(job: string, outgoing: OutgoingEvent, relays: readonly string[], isTaken = false): void {
    const { id } = outgoing.event;
    pending.set(id, { missing: new Set(relays), refusedBy: new Set(), isTaken });
    if (outgoing.replaceable) replaceable.set(job, id);
    for (const sender of senders) if (relays.includes(sender.relay)) sender.put(outgoing.event);
  }

  /** Drops what is replaced. The outbox does the same to its copy when it records the next events. */
  function dropReplaced(job: string): void {
    const id = replaceable.get(job);
    if (id === undefined) return;
    replaceable.delete(job);
    pending.delete(id);
    for (const sender of senders) sender.drop(id);
  }

  function taken(id: string, relay: string): void {
    const event = pending.get(id);
    if (!event) return;
    event.isTaken = true;
    for (const settled of [relay, ...event.refusedBy]) settle(id, event, settled);
    delivery.check();
  }

  function refused(id: string, relay: string): void {
    const event = pending.get(id);
    event?.refusedBy.add(relay);
    if (event?.isTaken) settle(id, event, relay);
  }

  function settle(id: string, { missing }: PendingEvent, relay: string): void {
    if (!missing.delete(relay)) return;
    senders.find((sender) => sender.relay === relay)?.drop(id);
    if (missing.size > 0) return saver.settle(id, relay);
    pending.delete(id);
    saver.remove(id);
  }

  function isDelivered(): boolean {
    const isSafe = [...pending.values()].every((event) => event.isTaken);
    return pending.size === 0 || (isSafe && senders.every((sender) => sender.isStuck));
  }

  return {
    publish(job, events) {
      saver.record(
        job,
        events.map((outgoing) => storedEvent(job.id, outgoing, clock.now())),
      );
      if (events.length > 0) dropReplaced(job.id);
      for (const outgoing of events) send(job.id, outgoing, [...pools.keys()]);
    },
    delivered: delivery.met,
    get untaken() {
      return [...pending.values()].filter((event) => !event.isTaken).length;
    },
    close() {
      for (const sender of senders) sender.close();
      saver.flush();
    },
  };
}

function storedEvent(job: string, { event, replaceable }: OutgoingEvent, storedAt: number): StoredEvent {
  return { id: event.id, job, replaceable, document: JSON.stringify(event), storedAt };
}

/** Creates a condition to wait for; call `check` when something may have changed it. */
function createCondition(isMet: () => boolean) {
  const waiters = new Set<() => void>();
  return {
    check(): void {
      if (!isMet()) return;
      for (const waiter of waiters) waiter();
      waiters.clear();
    },
    /** Resolves when it is met, or when `signal` aborts. */
    async met(signal: AbortSignal): Promise<void> {
      if (isMet() || signal.aborted) return;
      await new Promise<void>((resolve) => {
        waiters.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
  };
}

const REMEMBERED_REFUSALS = 100;

/** Calls `undelivered` once for each relay and reason. */
function onceEach(undelivered: OutboxListener['undelivered']): OutboxListener['undelivered'] {
  const told = new Set<string>();
  return (relay, reason) => {
    const key = `${relay} ${reason}`;
    if (told.has(key)) return;
    if (told.size >= REMEMBERED_REFUSALS) told.clear();
    told.add(key);
    undelivered(relay, reason);
  };
}
