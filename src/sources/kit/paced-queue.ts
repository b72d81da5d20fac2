import { sleep, systemClock } from '../../clock.ts';
import { createEventQueue, type EventQueue } from '../../io/queue.ts';
import type { SourceEvent } from '../../model/event.ts';

/** How many events are passed on together: processing them must not delay a key noticeably. */
const MOST_TOGETHER = 250;
/** Others get this many times as long. */
const REST = 2;
/** Limits the rest, in case the machine stood still or the clock was set. */
const LONGEST_REST_MS = 100;
/** Work shorter than this needs no rest. */
const NOTICED_MS = 5;

export interface PacedQueue extends EventQueue<SourceEvent> {
  /** Resolves when nothing is waiting, or the queue has ended: then reading may continue. */
  drained(): Promise<void>;
}

/**
 * Creates a queue for what strangers send: it passes on a few events at a time, and then leaves more time to others. Of several
 * waiting reports about one task, only the newest is passed on, so no more can wait than there are tasks.
 */
export function createPacedQueue(signal: AbortSignal): PacedQueue {
  const queue = createEventQueue<SourceEvent>(signal);
  const waiting = new Map<string, SourceEvent>();
  let passingOn: Promise<void> | null = null;

  async function passOn(): Promise<void> {
    await null; // for what is reported together with this
    while (waiting.size > 0 && !signal.aborted) {
      const startedAt = systemClock.monotonic();
      for (const [key, event] of firstOf(waiting, MOST_TOGETHER)) {
        waiting.delete(key);
        queue.push(event);
      }
      // One turn for whoever reads the queue, one for what follows from that.
      for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const tookMs = systemClock.monotonic() - startedAt;
      if (tookMs > NOTICED_MS) await sleep(systemClock, Math.min(LONGEST_REST_MS, REST * tookMs), signal);
    }
    passingOn = null;
  }

  return {
    end: queue.end,
    push(event) {
      for (const part of partsOf(event)) {
        const key = keyOf(part);
        if (part.type === 'live' || part.type === 'problem') waiting.delete(key);
        if (part.type === 'live') waiting.delete('problem');
        waiting.set(key, part);
      }
      passingOn ??= passOn();
    },
    drained: () => passingOn ?? Promise.resolve(),
    [Symbol.asyncIterator]: queue[Symbol.asyncIterator],
  };
}

/**
 * Splits a snapshot of many tasks, which is a source's first event, into one of a few and reports of the others. It gets the
 * time of the oldest of these, or they would count as outdated.
 */
function partsOf(event: SourceEvent): readonly SourceEvent[] {
  if (event.type !== 'snapshot' || event.tasks.length <= MOST_TOGETHER) return [event];
  const [few, others] = [event.tasks.slice(0, MOST_TOGETHER), event.tasks.slice(MOST_TOGETHER)];
  const revision = others.reduce((least, task) => Math.min(least, task.revision), event.revision);
  return [
    { ...event, revision, tasks: few },
    ...others.map((task): SourceEvent => ({ type: 'changed', task })),
  ];
}

function keyOf(event: SourceEvent): string {
  if (event.type === 'changed') return `task ${event.task.id}`;
  return event.type === 'removed' ? `task ${event.id}` : event.type;
}

function firstOf<K, V>(map: ReadonlyMap<K, V>, most: number): [K, V][] {
  const first: [K, V][] = [];
  for (const entry of map) {
    if (first.length === most) break;
    first.push(entry);
  }
  return first;
}
