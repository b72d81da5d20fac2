import { StringDecoder } from 'node:string_decoder';
import { type Clock, sleep, systemClock } from '../../clock.ts';
import { connectionFailure, isBeforeConnection } from '../../io/connection-failure.ts';
import { mediaType } from '../../io/media-type.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { shownAddress } from '../../model/shown-url.ts';
import { type PlainText, plainNameOrNull, words } from '../../model/text.ts';
import { accessProblem } from './access-problem.ts';
import type { EventSourceMessage } from './event-source-parser.ts';
import { retryAfterMs } from './retry-after.ts';
import { bearer, type Fetch, type FetchInit, WayError } from './socket-fetch.ts';

/** How long one event may be, with the line breaks in it. */
const EVENT_LIMIT_CHARACTERS = 8 * 1024 * 1024;
/** What a line takes in addition to its characters while its event is incomplete. */
const LINE_COST = 32;
/** How many bytes are read at a time: processing them must not delay a key noticeably. */
const PIECE_BYTES = 16 * 1024;
/** A stream that took longer than this has delayed a key noticeably. */
const NOTICED_MS = 10;
/** Limits the rest, in case the machine stood still in between. */
const LONGEST_REST_MS = 500;

export interface StreamHandlers {
  /**
   * The server answered: the stream is open. `commands` names those that it accepts, according to its header (null without such
   * a header: then it is not a server of ours); `refusal` is why it would accept none from us, according to another header.
   */
  onOpen(commands: readonly string[] | null, refusal: PlainText | null): void;
  onMessage(message: EventSourceMessage): void;
  onComment(): void;
  /** Something arrived: the stream is alive. */
  onLife(): void;
  /** Everything that has arrived has been passed on. Nothing more is read until the returned promise resolves. */
  onPause(): Promise<void>;
}

/** How a connection ended, and what to report about it; null if we ended it ourselves. */
export interface StreamEnd {
  readonly problem: Problem | null;
  /**
   * `unsent`: nobody was reached; `refused`: the answer was not a stream; `closed`: the server ended the stream properly;
   * `broken`: the connection was lost on the way.
   */
  readonly how: 'unsent' | 'refused' | 'closed' | 'broken';
  /** How long the server asks us to wait, ms; null if it does not ask. */
  readonly retryAfterMs: number | null;
}

/** What a request for a stream contains. */
export interface StreamRequest {
  readonly url: string;
  /** The server's name in messages; its address if absent. */
  readonly where?: PlainText;
  /** Sent as a bearer token. */
  readonly token: string | null;
  /** How the server is reached. */
  readonly fetch: Fetch;
  /** Posted as JSON; without it, the stream is requested by GET. */
  readonly body?: object | undefined;
}

/** Reads server-sent events until the stream ends, fails, or `signal` aborts. Never rejects. */
export async function readEventStream(
  request: StreamRequest,
  options: {
    readonly lastEventId: string | null;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly handlers: StreamHandlers;
  },
): Promise<StreamEnd> {
  const { handlers, signal } = options;
  const where = request.where ?? shownAddress(request.url);
  let isOpen = false;
  try {
    const response = await request.fetch(request.url, {
      signal,
      ...requestInit(request, options.lastEventId),
    });
    const wrong = unusable(response, where, request, options.clock.now());
    if (wrong) {
      await response.body?.cancel();
      return wrong;
    }
    isOpen = true;
    const { headers } = response;
    handlers.onOpen(
      headers
        .get('x-taskglass-commands')
        ?.split(/[\s,]+/u)
        .filter(Boolean) ?? null,
      plainNameOrNull(headers.get('x-taskglass-refusal')),
    );
    await pump(response.body as ReadableStream<Uint8Array>, handlers, signal);
    const ended = problem('unreachable', 'down', words`${where} closed the stream`, 'trying again');
    return { problem: ended, how: 'closed', retryAfterMs: null };
  } catch (error) {
    if (error instanceof WayError) return { problem: error.problem, how: 'unsent', retryAfterMs: null };
    const said = words`${where}: ${connectionFailure(error)}`;
    const hint = request.where ? words`trying again` : words`is the server running?`;
    const lost = signal.aborted ? null : problem('unreachable', 'down', said, hint);
    return {
      problem: lost,
      how: isOpen || !isBeforeConnection(error) ? 'broken' : 'unsent',
      retryAfterMs: null,
    };
  }
}

/**
 * Returns the options of a request. What is posted goes where the user said, and nowhere else, so redirects are not followed.
 */
function requestInit({ token, body }: StreamRequest, lastEventId: string | null): Omit<FetchInit, 'signal'> {
  return {
    method: body ? 'POST' : 'GET',
    ...(body && { body: JSON.stringify(body), redirect: 'manual' as const }),
    headers: {
      accept: 'text/event-stream',
      ...(body && { 'content-type': 'application/json' }),
      ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
      ...bearer(token),
    },
  };
}

/**
 * Reads the stream. It measures what has arrived since the last event itself, because many nearly empty lines take far more
 * memory than their text. A stream gets at most half of our time, in short pieces, whatever it sends: keys go first. What
 * cannot be processed yet stays in the connection, which makes the server wait.
 */
async function pump(
  body: ReadableStream<Uint8Array>,
  handlers: StreamHandlers,
  signal: AbortSignal,
): Promise<void> {
  const { createParser } = await import('./event-source-parser.ts'); // most programs read no such stream
  const parser = createParser({ onEvent: handlers.onMessage, onComment: handlers.onComment });
  // Unlike a streaming TextDecoder, it makes strings of one byte per character if that is enough.
  const decoder = new StringDecoder('utf8');
  const rest = createRest(signal);
  let sinceLastEvent = 0;
  for await (const piece of piecesOf(body)) {
    rest.begin();
    handlers.onLife();
    const text = decoder.write(piece);
    const unended = text.slice(endOfLastEvent(text));
    sinceLastEvent = costOf(unended) + (unended.length === text.length ? sinceLastEvent : 0);
    if (sinceLastEvent > EVENT_LIMIT_CHARACTERS) throw new Error('an event is larger than 8 MiB');
    parser.feed(text);
    await new Promise((resolve) => setImmediate(resolve));
    const taken = handlers.onPause();
    await new Promise((resolve) => setImmediate(resolve));
    await rest.end();
    await taken;
  }
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, byteLength } of body)
    for (let at = 0; at < byteLength; at += PIECE_BYTES)
      yield Buffer.from(buffer, byteOffset + at, Math.min(PIECE_BYTES, byteLength - at));
}

/** Leaves as much time to others as passed between `begin` and `end`; the time between `end` and `begin` counts towards it. */
function createRest(signal: AbortSignal): { begin(): void; end(): Promise<void> } {
  let owedMs = 0;
  let [begunAt, endedAt] = [0, 0];
  return {
    begin() {
      begunAt = systemClock.monotonic();
      owedMs = Math.max(0, owedMs - (begunAt - endedAt));
    },
    async end() {
      endedAt = systemClock.monotonic();
      owedMs = Math.min(LONGEST_REST_MS, owedMs + endedAt - begunAt);
      if (owedMs > NOTICED_MS) await sleep(systemClock, owedMs, signal);
    },
  };
}

/** Returns where the text after the last blank line begins; 0 if there is no blank line. */
function endOfLastEvent(text: string): number {
  const at = ['\n\n', '\r\n\r\n', '\r\r'].map((blank) => {
    const found = text.lastIndexOf(blank);
    return found === -1 ? 0 : found + blank.length;
  });
  return Math.max(...at);
}

function costOf(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) lines += 1;
  return text.length + lines * LINE_COST;
}

/** Returns what is wrong with an answer that is not a stream of events; null if it is one. */
function unusable(
  response: Response,
  where: PlainText,
  { body, url, token }: StreamRequest,
  nowMs: number,
): StreamEnd | null {
  const { status, headers } = response;
  const asked = response.ok ? null : retryAfterMs(headers.get('retry-after'), nowMs);
  const refusal = (said: PlainText, hint: PlainText): StreamEnd => ({
    problem: problem(response.ok ? 'malformed' : 'refused', 'down', words`${where} ${said}`, hint),
    how: 'refused',
    retryAfterMs: asked,
  });
  const seconds = Math.ceil((asked ?? 0) / 1_000);
  const locked = accessProblem(status, where, token !== null);
  if (locked) return { problem: locked, how: 'refused', retryAfterMs: asked };
  if (status === 405 && !body)
    return refusal(
      words`only answers a POST, which starts a run`,
      words`to start one and watch it, name it as agui+run:${shownAddress(url)}`,
    );
  if (status === 404 && !body)
    return refusal(
      words`answers 404`,
      words`check the path; if it only takes a POST, name it as agui+run:URL`,
    );
  if (status >= 300 && status < 400)
    return refusal(
      words`answers ${status}: it has moved`,
      words`name ${redirectedTo(response, url)} instead`,
    );
  if (seconds > 0) return refusal(words`answers ${status}`, words`trying again in ${seconds} s, as it asks`);
  if (!response.ok && body)
    return refusal(words`answers ${status}`, words`is it an AG-UI agent? not retrying`);
  if (!response.ok)
    return refusal(
      words`answers ${status}`,
      status >= 500 || status === 429 ? words`trying again` : words`check the path`,
    );
  if (mediaType(headers.get('content-type')) === 'text/event-stream') return null;
  return refusal(words`sends no server-sent events`, words`check the path`);
}

function redirectedTo(response: Response, url: string): PlainText {
  const location = response.headers.get('location') ?? '';
  return URL.canParse(location, url) ? shownAddress(new URL(location, url).href) : words`that address`;
}
