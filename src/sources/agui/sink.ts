import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createPatch } from 'rfc6902';
import { backgroundClock, type Clock } from '../../clock.ts';
import type { DashboardState } from '../../model/dashboard-state.ts';
import type { CommandFile } from '../dashboard-state/command-file.ts';
import type { Sink } from '../emitter.ts';
import { takeCommand } from './take-command.ts';

/** A sink for an emitter that streams its states as AG-UI events, to mount in one's own HTTP server. */
export interface AguiSink extends Sink<DashboardState> {
  /** Shows the newest state to every listener. */
  write(state: DashboardState): void;
  /** Answers a request: GET streams the state, POST takes a command. Mount it at any path. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Ends every stream, and refuses new ones: a listener that came back at once would hold the server's end up. */
  close(): void;
}

export interface AguiSinkOptions {
  readonly clock?: Clock;
  /** Who posts a command must bring it as a bearer token. */
  readonly token?: string;
}

/** Comments on a quiet stream keep proxies from closing it, and tell the listener that we live. */
const COMMENT_EVERY_MS = 15_000;
/** How many past events a returning listener may catch up on; after more it gets the whole state. */
const REMEMBERED_EVENTS = 200;

interface Sent {
  readonly id: string;
  readonly text: string;
}

/** Streams successive states as one snapshot and then RFC 6902 deltas. */
export function createAguiSink(options: AguiSinkOptions = {}): AguiSink {
  const { clock = backgroundClock } = options;
  const run = randomBytes(4).toString('hex');
  const listeners = new Set<ServerResponse>();
  /** Listeners that read too slowly: they get the whole state once they have caught up, instead of every step. */
  const behind = new Set<ServerResponse>();
  let count = 0;
  let state: DashboardState | null = null;
  let past: Sent[] = [];
  let stopComments = () => {};
  let isClosed = false;
  /** Acts on commands; null as long as nobody does. */
  let take: ((command: CommandFile) => boolean) | null = null;

  const eventText = (id: string, event: object) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
  const currentId = () => `${run}-${count}`;
  const snapshotText = () => eventText(currentId(), { type: 'STATE_SNAPSHOT', snapshot: state });

  function write(next: DashboardState): void {
    const delta = state ? createPatch(state, next) : null;
    if (delta?.length === 0) return;
    state = structuredClone(next);
    count += 1;
    const id = currentId();
    const text = delta ? eventText(id, { type: 'STATE_DELTA', delta }) : snapshotText();
    past = [...past, { id, text }].slice(-REMEMBERED_EVENTS);
    for (const listener of listeners) if (!behind.has(listener)) send(listener, text);
  }

  function send(listener: ServerResponse, text: string): void {
    if (listener.write(text)) return;
    behind.add(listener);
    listener.once('drain', () => {
      behind.delete(listener);
      if (state && listeners.has(listener)) send(listener, snapshotText());
    });
  }

  function open(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-taskglass-commands': take ? 'cancel, retry' : '',
    });
    response.flushHeaders();
    listeners.add(response);
    response.once('close', () => {
      listeners.delete(response);
      if (listeners.size === 0) stopComments();
    });
    if (listeners.size === 1) commentSoon();
    for (const text of missedSince(request.headers['last-event-id'])) send(response, text);
  }

  /** What a listener lacks that comes back with the id of the last event it saw. */
  function missedSince(id: string | string[] | undefined): string[] {
    if (!state) return [];
    const at = past.findIndex((event) => event.id === id);
    return at === -1 ? [snapshotText()] : past.slice(at + 1).map(({ text }) => text);
  }

  function commentSoon(): void {
    stopComments = clock.after(COMMENT_EVERY_MS, () => {
      for (const listener of listeners) if (!behind.has(listener)) send(listener, ':\n\n');
      commentSoon();
    });
  }

  return {
    name: 'AG-UI',
    wantsEveryState: true,
    write,
    listen(listener) {
      take = listener;
    },
    handle(request, response) {
      if (isClosed) return void response.writeHead(503, { connection: 'close' }).end();
      if (request.method === 'GET') return open(request, response);
      if (request.method === 'POST') return void takeCommand(request, response, { ...options, take });
      response.writeHead(405, { allow: 'GET, POST' }).end();
    },
    close() {
      isClosed = true;
      stopComments();
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
  };
}
