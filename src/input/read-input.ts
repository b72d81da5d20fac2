import type { Clock } from '../clock.ts';
import { createDecoder } from './decoder.ts';
import type { InputEvent } from './event.ts';

/** The events of an input stream whose terminal has gone away. */
export const TERMINAL_LOST = ['end', 'close', 'error'] as const;

/**
 * Reports what somebody does at the terminal whose input `stream` carries, with one call for everything that was read at
 * once. The returned function stops this, and discards a sequence that is half read.
 */
export function readInput(options: {
  readonly stream: Pick<NodeJS.ReadableStream, 'on' | 'off'>;
  readonly clock: Clock;
  /** Treats each chunk as a read of its own, and reports it synchronously. */
  readonly isImmediate?: boolean;
  readonly onEvents: (events: readonly InputEvent[]) => void;
}): () => void {
  const { stream, clock, onEvents } = options;
  const decoder = createDecoder();
  let read: Uint8Array[] = [];
  let cancelDelivery: NodeJS.Immediate | null = null;
  let cancelExpiry = () => {};

  /** Gathers all chunks of one turn of the event loop, because they arrived at once. */
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
