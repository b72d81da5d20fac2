import type { Clock } from '../clock.ts';
import { createDecoder } from './decoder.ts';
import type { InputEvent } from './event.ts';

/** What a terminal that went away does to those who read from it. */
export const TERMINAL_LOST = ['end', 'close', 'error'] as const;

/**
 * Tells what somebody does at the terminal whose input `stream` carries: one call for what was read at once. The
 * returned function ends that; what is half read by then is forgotten.
 */
export function readInput(options: {
  readonly stream: Pick<NodeJS.ReadableStream, 'on' | 'off'>;
  readonly clock: Clock;
  /** Takes each chunk for a read of its own, and tells of it before anything else happens. */
  readonly isImmediate?: boolean;
  readonly onEvents: (events: readonly InputEvent[]) => void;
}): () => void {
  const { stream, clock, onEvents } = options;
  const decoder = createDecoder();
  let read: Uint8Array[] = [];
  let cancelDelivery: NodeJS.Immediate | null = null;
  let cancelExpiry = () => {};

  /** What comes within one turn of the event loop came at once, in however many chunks. */
  function gather(chunk: Uint8Array | string): void {
    read.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    if (options.isImmediate) deliver();
    else cancelDelivery ??= setImmediate(deliver);
  }

  function deliver(): void {
    const bytes = Buffer.concat(read);
    read = [];
    cancelDelivery = null;
    cancelExpiry();
    tell(decoder.push(bytes));
  }

  function tell(events: readonly InputEvent[]): void {
    const { patienceMs } = decoder;
    if (patienceMs !== null) cancelExpiry = clock.after(patienceMs, () => tell(decoder.expire()));
    if (events.length > 0) onEvents(events);
  }

  stream.on('data', gather);
  return () => {
    stream.off('data', gather);
    if (cancelDelivery) clearImmediate(cancelDelivery);
    cancelExpiry();
  };
}
