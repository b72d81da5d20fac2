import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, plainNameOrNull } from '../../model/text.ts';
import { connectionFailure } from '../connection-failure.ts';
import { accessProblem } from './access-problem.ts';
import type { Fetch } from './socket-fetch.ts';

/** How long a stream may stay silent, comments included, before it counts as dead. Servers send comments each 15 s. */
export const SILENCE_LIMIT_MS = 45_000;
/** One event is at most a whole state: the bound of a state file. */
const EVENT_LIMIT_CHARACTERS = 64 * 1024 * 1024;

export interface StreamHandlers {
  /**
   * The server answered: the stream is open. `commands` names what it takes, as its header says; `refusal` why it
   * would take none from us, as another says.
   */
  onOpen(commands: readonly string[], refusal: PlainText | null): void;
  onMessage(message: EventSourceMessage): void;
  /** Something came, be it a comment: the stream is alive. */
  onLife(): void;
}

/** Reads server-sent events until the stream ends, fails, or `signal` aborts; resolves with what went wrong, if anything. */
export async function readEventStream(
  url: string,
  options: {
    lastEventId: string | null;
    token: string | null;
    fetch: Fetch;
    signal: AbortSignal;
    handlers: StreamHandlers;
  },
): Promise<Problem | null> {
  const { handlers, signal } = options;
  const where = shownAddress(url);
  try {
    const response = await options.fetch(url, {
      signal,
      headers: {
        accept: 'text/event-stream',
        ...(options.lastEventId === null ? {} : { 'last-event-id': options.lastEventId }),
        ...(options.token === null ? {} : { authorization: `Bearer ${options.token}` }),
      },
    });
    const wrong = unusable(response, where, options.token !== null);
    if (wrong) {
      await response.body?.cancel();
      return wrong;
    }
    const { headers } = response;
    handlers.onOpen(
      (headers.get('x-taskglass-commands') ?? '').split(/[\s,]+/u).filter(Boolean),
      plainNameOrNull(headers.get('x-taskglass-refusal')),
    );
    await pump(response.body as ReadableStream<Uint8Array>, handlers);
    return problem('unreachable', 'down', `${where} closed the stream`, 'trying again');
  } catch (error) {
    return signal.aborted
      ? null
      : problem('unreachable', 'down', `${where}: ${connectionFailure(error)}`, 'is the server running?');
  }
}

/** An address without the secrets that may stand in it. */
export function shownAddress(url: string): PlainText {
  const { origin, pathname } = new URL(url);
  return plainName(`${origin}${pathname === '/' ? '' : pathname}`);
}

/** What has come since the last event is counted by ourselves: lines of next to nothing take far more room than they say. */
async function pump(body: ReadableStream<Uint8Array>, handlers: StreamHandlers): Promise<void> {
  let sinceLastEvent = 0;
  const parser = createParser({
    onEvent(message) {
      sinceLastEvent = 0;
      handlers.onMessage(message);
    },
  });
  const decoder = new TextDecoder();
  for await (const piece of body) {
    handlers.onLife();
    const text = decoder.decode(piece, { stream: true });
    sinceLastEvent += text.length;
    if (sinceLastEvent > EVENT_LIMIT_CHARACTERS) throw new Error('an event is larger than 64 MiB');
    parser.feed(text);
  }
}

function unusable(response: Response, where: PlainText, broughtToken: boolean): Problem | null {
  const refusal = accessProblem(response.status, where, broughtToken);
  if (refusal) return refusal;
  if (!response.ok)
    return problem('refused', 'down', `${where} answers ${response.status}`, 'check the path');
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) return null;
  return problem('malformed', 'down', `${where} sends no server-sent events`, 'check the path');
}
