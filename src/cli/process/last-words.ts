import { type Clock, sleep } from '../../clock.ts';
import { LAST_WORDS_MS } from '../../io/output.ts';

/** How often it is looked whether a terminal takes something. */
const LOOK_MS = 50;

/** What is left to readers that are slow when a signal ends us: it has to be over within a second. */
const AFTER_SIGNAL_MS = 700;

/**
 * Resolves when the streams have taken what was written to them. A terminal that takes nothing for a while is not waited
 * for, nor, once a signal has ended us, any reader. If a write fails and `isLossDealtWith` denies it, never.
 */
export async function untilTaken(
  streams: readonly NodeJS.WriteStream[],
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly isLossDealtWith: (stream: NodeJS.WriteStream) => boolean;
  },
): Promise<void> {
  const { clock, signal, isLossDealtWith } = options;
  const over = new AbortController();
  const taken = streams.map((stream) => {
    const isFlushed = flushed(stream, isLossDealtWith);
    return stream.isTTY ? Promise.race([isFlushed, untilStuck(stream, clock, over.signal)]) : isFlushed;
  });
  await Promise.race([Promise.all(taken), untilSignalled(signal, clock, over.signal)]);
  over.abort();
}

function flushed(
  stream: NodeJS.WriteStream,
  isLossDealtWith: (stream: NodeJS.WriteStream) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', (error) => {
      if (!error || isLossDealtWith(stream)) resolve();
    });
  });
}

/** Resolves when nothing was taken for so long. */
async function untilStuck(stream: NodeJS.WriteStream, clock: Clock, over: AbortSignal): Promise<void> {
  let left = bytesLeft(stream);
  for (let silentMs = 0; silentMs < LAST_WORDS_MS; silentMs += LOOK_MS) {
    await sleep(clock, LOOK_MS, over);
    if (over.aborted) return;
    if (bytesLeft(stream) !== left) silentMs = 0;
    left = bytesLeft(stream);
  }
}

/** Counts the bytes in the stream, and in the chunk that the system is taking at the moment. */
function bytesLeft(stream: NodeJS.WriteStream): number {
  const { _handle: handle } = stream as { _handle?: { writeQueueSize?: number } };
  return stream.writableLength + (handle?.writeQueueSize ?? 0);
}

async function untilSignalled(signal: AbortSignal, clock: Clock, over: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
      over.addEventListener('abort', resolve, { once: true });
    });
  }
  await sleep(clock, AFTER_SIGNAL_MS, over);
}
