import type { Outbox, StoredEvent, StoredJob } from '../../../storage/outbox.ts';

/** The writing half of an outbox, which survives a full disk. */
export type Saver = Pick<Outbox, 'record' | 'settle' | 'remove'> & {
  /** Tries once more to write what could not be written. */
  flush(): void;
};

/**
 * Writes through to the outbox. What could not be written is kept here, and written before the next change; `unsaved` is called
 * when that begins. What was superseded or delivered in the meantime is not kept.
 */
export function createSaver(outbox: Outbox, unsaved: (error: unknown) => void): Saver {
  let waiting: Change[] = [];
  let isFailing = false;

  function flush(): void {
    while (waiting[0]) {
      try {
        write(outbox, waiting[0]);
        waiting.shift();
        isFailing = false;
      } catch (error) {
        if (!isFailing) unsaved(error);
        isFailing = true;
        return;
      }
    }
  }

  function put(change: Change): void {
    const isUnwritten = change.type === 'remove' && waiting.some((earlier) => records(earlier, change.event));
    if (isFailing) waiting = waiting.flatMap((earlier) => without(earlier, change));
    if (!isUnwritten) waiting.push(change);
    flush();
  }

  return {
    flush,
    record: (job, events) => put({ type: 'record', job, events }),
    settle: (event, relay) => put({ type: 'settle', event, relay }),
    remove: (event) => put({ type: 'remove', event }),
  };
}

type Change =
  | { readonly type: 'record'; readonly job: StoredJob; readonly events: readonly StoredEvent[] }
  | { readonly type: 'settle'; readonly event: string; readonly relay: string }
  | { readonly type: 'remove'; readonly event: string };

function write(outbox: Outbox, change: Change): void {
  if (change.type === 'record') outbox.record(change.job, change.events);
  else if (change.type === 'settle') outbox.settle(change.event, change.relay);
  else outbox.remove(change.event);
}

function records(change: Change, eventId: string): boolean {
  return change.type === 'record' && change.events.some(({ id }) => id === eventId);
}

/** Returns what is left of an earlier waiting change once `later` waits too. */
function without(earlier: Change, later: Change): Change[] {
  if (earlier.type !== 'record') {
    return later.type === 'remove' && earlier.event === later.event ? [] : [earlier];
  }
  if (later.type === 'remove') {
    return [{ ...earlier, events: earlier.events.filter(({ id }) => id !== later.event) }];
  }
  if (later.type !== 'record' || later.job.id !== earlier.job.id) return [earlier];
  const events =
    later.events.length > 0 ? earlier.events.filter((event) => !event.replaceable) : earlier.events;
  return events.length > 0 ? [{ ...earlier, events }] : [];
}
