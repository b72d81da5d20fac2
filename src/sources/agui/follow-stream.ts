import { type Clock, sleep } from '../../clock.ts';
import { type Backoff, createBackoff } from '../../io/backoff.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { shownAddress } from '../../model/shown-url.ts';
import { type PlainText, words } from '../../model/text.ts';
import type { EventSourceMessage } from './event-source-parser.ts';
import { readEventStream, type StreamEnd, type StreamRequest } from './event-stream.ts';

/** How long a stream may stay silent, comments included, before it counts as dead. Our servers send a comment every 15 s. */
const SILENCE_LIMIT_MS = 45_000;
/** A stream that the server ends sooner was no success: whatever it says first, it says to everybody who connects. */
const STEADY_MS = 30_000;

const DAY_MS = 86_400_000;

/** What receives a stream of server-sent events. It outlives a connection, so that the next one can continue. */
export interface Stream {
  /** Where the next connection continues, if the server supports that. */
  lastEventId(): string | null;
  /** `commands` is null if the server is not one of ours. */
  opened(commands: readonly string[] | null, refusal: PlainText | null): void;
  /**
   * `passed`: the event is not one of ours; `broken`: one was missed or damaged, and only a new connection, from the beginning,
   * helps.
   */
  receive(message: EventSourceMessage): 'useful' | 'passed' | 'broken';
  /** What arrived together has been received. Nothing more is read until the returned promise resolves. */
  paused(): Promise<void>;
  /** Whether nothing more is expected: then a stream that ends is not requested again. */
  isOver(): boolean;
}

/**
 * Follows the stream until `signal` aborts: reconnects with back-off when it ends, fails or falls silent. It does not if
 * nothing more is expected, nor if it had started a run that it has lost: a POST starts work, and is repeated only if it cannot
 * have arrived.
 */
export async function followStream(options: {
  readonly request: StreamRequest;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stream: Stream;
  readonly onFailure: (problem: Problem) => void;
}): Promise<void> {
  const { request, clock, signal, stream } = options;
  const backoff = createBackoff();
  while (!signal.aborted) {
    const end = await connectOnce(options, backoff);
    if (signal.aborted || stream.isOver()) break;
    if (end.problem) options.onFailure(end.problem);
    if (request.body && !mayPostAgain(end)) {
      if (end.how !== 'refused') options.onFailure(lostRun(request.url));
      break;
    }
    await sleep(clock, Math.max(backoff.next(), end.retryAfterMs ?? 0), signal);
  }
  // What was shown stays visible: the process must not end because nothing is left to wait for.
  while (!signal.aborted) await sleep(clock, DAY_MS, signal);
}

/** Makes one connection, from its request to its end. A useful one resets the delay. */
async function connectOnce(
  { request, clock, signal, stream }: Parameters<typeof followStream>[0],
  backoff: Backoff,
): Promise<StreamEnd> {
  const connection = new AbortController();
  const openedAt = clock.monotonic();
  let silence: Problem | null = null;
  let [isUseful, isBroken] = [false, false];
  const watchdog = createWatchdog(clock, () => {
    silence = silenceProblem(request);
    connection.abort();
  });
  if (!request.body) watchdog.start();
  const end = await readEventStream(request, {
    lastEventId: stream.lastEventId(),
    clock,
    signal: AbortSignal.any([signal, connection.signal]),
    handlers: {
      onOpen(commands, refusal) {
        if (commands === null) watchdog.stop();
        else watchdog.start();
        stream.opened(commands, refusal);
      },
      onComment: watchdog.start,
      onLife: watchdog.feed,
      onMessage(message) {
        if (isBroken) return;
        const got = stream.receive(message);
        if (got === 'useful') isUseful = true;
        if (got !== 'broken') return;
        isBroken = true;
        connection.abort();
      },
      onPause: stream.paused,
    },
  });
  watchdog.stop();
  const hasLasted = end.how !== 'closed' || clock.monotonic() - openedAt >= STEADY_MS;
  if (isUseful && !isBroken && hasLasted) backoff.reset();
  return { ...end, problem: end.problem ?? silence };
}

/** Tells whether a request's header may contain this. An id with other characters is no use for resuming. */
export function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]{1,1000}$/u.test(text);
}

/** Tells whether posting again is safe: nobody was reached, or the server itself asks us to try later. */
function mayPostAgain({ how, retryAfterMs }: StreamEnd): boolean {
  return how === 'unsent' || (how === 'refused' && retryAfterMs !== null);
}

interface Watchdog {
  /** From now on, silence counts. */
  start(): void;
  feed(): void;
  stop(): void;
}

/**
 * Calls `onSilence` when nothing has arrived for too long: a half-open connection does not even say goodbye. It is used only if
 * the server is known to send comments; other servers are silent for as long as their work takes.
 */
function createWatchdog(clock: Clock, onSilence: () => void): Watchdog {
  let stopTimer: (() => void) | null = null;
  const stop = () => {
    stopTimer?.();
    stopTimer = null;
  };
  const start = () => {
    stop();
    stopTimer = clock.after(SILENCE_LIMIT_MS, onSilence);
  };
  return { start, stop, feed: () => stopTimer && start() };
}

function silenceProblem({ url, where }: StreamRequest): Problem {
  const said = words`${where ?? shownAddress(url)} has been silent for ${SILENCE_LIMIT_MS / 1000} s`;
  return problem('no-answer', 'down', said, 'trying again; is the connection still there?');
}

function lostRun(url: string): Problem {
  return problem(
    'unreachable',
    'down',
    words`${shownAddress(url)}: the connection was lost before the run ended; it may still be running`,
    'it is not started again automatically',
  );
}
