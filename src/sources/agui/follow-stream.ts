import type { EventSourceMessage } from 'eventsource-parser';
import { type Clock, sleep } from '../../clock.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { PlainText } from '../../model/text.ts';
import { createBackoff } from '../backoff.ts';
import { readEventStream, SILENCE_LIMIT_MS, shownAddress } from './event-stream.ts';
import type { Fetch } from './socket-fetch.ts';

/** What is made of a stream of server-sent events. It outlives a connection, so that the next one goes on from there. */
export interface Stream {
  /** From where the next connection goes on, where the server can do that. */
  lastEventId(): string | null;
  opened(commands: readonly string[], refusal: PlainText | null): void;
  /** false where an event was missed or damaged: only a new connection, from the beginning, helps. */
  receive(message: EventSourceMessage): boolean;
}

/** Follows the stream until `signal` aborts: connects again, with back-off, when it ends, fails or falls silent. */
export async function followStream(options: {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string | null;
  /** By which way the server is reached. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stream: Stream;
  readonly onFailure: (problem: Problem) => void;
}): Promise<void> {
  const { clock, signal, stream } = options;
  const backoff = createBackoff();
  while (!signal.aborted) {
    const connection = new AbortController();
    let silence: Problem | null = null;
    const watchdog = createWatchdog(clock, () => {
      silence = silenceProblem(options.url);
      connection.abort();
    });
    const failure = await readEventStream(options.url, {
      lastEventId: stream.lastEventId(),
      token: options.token,
      fetch: options.fetch,
      signal: AbortSignal.any([signal, connection.signal]),
      handlers: {
        onOpen: stream.opened,
        onLife: watchdog.feed,
        onMessage(message) {
          if (stream.receive(message)) backoff.reset();
          else connection.abort();
        },
      },
    });
    watchdog.stop();
    if (signal.aborted) return;
    const wrong = failure ?? silence;
    if (wrong) options.onFailure(wrong);
    await sleep(clock, backoff.next(), signal);
  }
}

/** May this stand in a request's header? An id of other characters is of no use for coming back. */
export function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]{1,1000}$/u.test(text);
}

/** Calls `onSilence` when nothing was heard for too long: a half-open connection says nothing, not even goodbye. */
function createWatchdog(clock: Clock, onSilence: () => void): { feed(): void; stop(): void } {
  let stop = clock.after(SILENCE_LIMIT_MS, onSilence);
  return {
    feed() {
      stop();
      stop = clock.after(SILENCE_LIMIT_MS, onSilence);
    },
    stop: () => stop(),
  };
}

function silenceProblem(url: string): Problem {
  const words = `${shownAddress(url)} has been silent for ${SILENCE_LIMIT_MS / 1000} s`;
  return problem('no-answer', 'down', words, 'trying again; is the connection still there?');
}
