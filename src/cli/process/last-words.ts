import { type Clock, sleep } from '../../clock.ts';
import { LAST_WORDS_MS } from '../../io/output.ts';

/** How often to check whether a terminal has accepted something. */
const LOOK_MS = 50;

/** How long slow readers may take once a signal ends us: the end has to come within a second. */
const AFTER_SIGNAL_MS = 700;

/**
 * Resolves when the streams have taken what was written to them. Does not wait for a terminal that has accepted nothing for
 * a while, nor, once a signal has ended us, for any reader. If a write fails and `isLossDealtWith` returns false, it never
 * resolves.
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

/** Resolves when nothing has been accepted for a while. */
async function untilStuck(stream: NodeJS.WriteStream, clock: Clock, over: AbortSignal): Promise<void> {
  let left = bytesLeft(stream);
  for (let silentMs = 0; silentMs < LAST_WORDS_MS; silentMs += LOOK_MS) {
    await sleep(clock, LOOK_MS, over);
    if (over.aborted) return;
    if (bytesLeft(stream) !== left) silentMs = 0;
    left = bytesLeft(stream);
  }
}

/** Counts the bytes in the stream, and in the chunk that the system is accepting. */
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
