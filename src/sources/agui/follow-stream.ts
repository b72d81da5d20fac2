import { type Clock, sleep } from '../../clock.ts';
import { type Backoff, createBackoff } from '../../io/backoff.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { shownAddress } from '../../model/shown-url.ts';
import { type PlainText, words } from '../../model/text.ts';
import type { EventSourceMessage } from './event-source-parser.ts';
import { readEventStream, type StreamEnd, type StreamRequest } from './event-stream.ts';

/** How long a stream may stay silent, comments included, before it counts as dead. Our servers send comments each 15 s. */
const SILENCE_LIMIT_MS = 45_000;
/** A stream that the server ends sooner was no success: what it says at its beginning, it says to each who comes. */
const STEADY_MS = 30_000;

const DAY_MS = 86_400_000;

/** What is made of a stream of server-sent events. It outlives a connection, so that the next one goes on from there. */
export interface Stream {
  /** From where the next connection goes on, if the server can do that. */
  lastEventId(): string | null;
  /** `commands` is null if the server is none of ours. */
  opened(commands: readonly string[] | null, refusal: PlainText | null): void;
  /**
   * `passed`: the event is none of ours; `broken`: one was missed or damaged, and only a new connection, from the
   * beginning, helps.
   */
  receive(message: EventSourceMessage): 'useful' | 'passed' | 'broken';
  /** What came together has been received. Nothing more is read until the returned promise resolves. */
  paused(): Promise<void>;
  /** Has everything been told? Then a stream that ends is not asked for again. */
  isOver(): boolean;
}

/**
 * Follows the stream until `signal` aborts: connects again, with back-off, when it ends, fails or falls silent. But not
 * if nothing more is to come, nor if a run was asked for and is lost sight of: what is posted starts work, and is
 * posted again only if it cannot have arrived.
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
  // What was told stays to be seen: no process ends because there is nothing left to wait for.
  while (!signal.aborted) await sleep(clock, DAY_MS, signal);
}

/** Makes one connection, from its request to its end. A useful one makes the next delay short again. */
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

/** Tells whether a request's header may hold this. An id with other characters is no use for resuming. */
export function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]{1,1000}$/u.test(text);
}

/** Tells whether posting again is safe: nobody was reached, or the server itself asks to try later. */
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
 * Calls `onSilence` when nothing was heard for too long: a half-open connection says nothing, not even goodbye. It is
 * used where the server is known to send comments; others are silent for as long as their work takes.
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
