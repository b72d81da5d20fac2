import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createPatch } from 'rfc6902';
import { backgroundClock, type Clock } from '../../clock.ts';
import type { DashboardState } from '../../model/dashboard-state.ts';
import type { CommandFile } from '../dashboard-state/command-file.ts';
import type { Sink } from '../sink-feed.ts';
import { readPosted } from './request.ts';
import { eventText } from './run-events.ts';
import type { RunIds } from './run-input.ts';
import { createSinkListener, type SinkListener } from './sink-listener.ts';
import { takeCommand } from './take-command.ts';

/** A sink for an emitter that streams its states as AG-UI events, to mount in one's own HTTP server. */
export interface AguiSink extends Sink<DashboardState> {
  /** Shows the newest state to every listener. */
  write(state: DashboardState): void;
  /**
   * Answers a request: GET streams the state for as long as somebody listens, POST takes a command, or the input of a
   * run, as AG-UI's own client sends it: its stream ends once nothing is under way any more. Mount it at any path.
   */
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
  const name = randomBytes(4).toString('hex');
  const listeners = new Set<SinkListener>();
  let count = 0;
  let state: DashboardState | null = null;
  let past: Sent[] = [];
  let stopComments = () => {};
  let isClosed = false;
  /** Acts on commands; null as long as nobody does. */
  let take: ((command: CommandFile) => boolean) | null = null;

  const currentId = () => `${name}-${count}`;
  const snapshotText = () => eventText({ type: 'STATE_SNAPSHOT', snapshot: state }, currentId());

  function write(next: DashboardState): void {
    const delta = state ? createPatch(state, next) : null;
    if (delta?.length === 0) return;
    state = structuredClone(next);
    count += 1;
    const id = currentId();
    const text = delta ? eventText({ type: 'STATE_DELTA', delta }, id) : snapshotText();
    past = [...past, { id, text }].slice(-REMEMBERED_EVENTS);
    for (const listener of listeners) listener.show(state.activeTasks, [text]);
  }

  function open(request: IncomingMessage, response: ServerResponse, posted: RunIds | null): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-taskglass-commands': take ? 'cancel, retry' : '',
    });
    response.flushHeaders();
    const ids = posted ?? { threadId: name, runId: randomUUID() };
    const listener = createSinkListener({
      response,
      ids,
      isPosted: posted !== null,
      clock,
      onDrain: () => catchUp(listener, [snapshotText()]),
    });
    listeners.add(listener);
    response.once('close', () => {
      listener.stop();
      listeners.delete(listener);
      if (listeners.size === 0) stopComments();
    });
    if (listeners.size === 1) commentSoon();
    catchUp(listener, missedSince(request.headers['last-event-id']));
  }

  function catchUp(listener: SinkListener, texts: readonly string[]): void {
    if (state && listeners.has(listener)) listener.show(state.activeTasks, texts);
  }

  /** What a listener lacks that comes back with the id of the last event it saw. */
  function missedSince(id: string | string[] | undefined): string[] {
    const at = past.findIndex((event) => event.id === id);
    return at === -1 ? [snapshotText()] : past.slice(at + 1).map(({ text }) => text);
  }

  function commentSoon(): void {
    stopComments();
    stopComments = clock.after(COMMENT_EVERY_MS, () => {
      for (const listener of listeners) listener.comment();
      commentSoon();
    });
  }

  async function takePost(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const posted = await readPosted(request);
    if (isClosed) return refuse(response);
    if (posted.kind === 'run') return open(request, response, posted.run);
    takeCommand(request, response, posted, { ...options, take });
  }

  function refuse(response: ServerResponse): void {
    response.writeHead(503, { connection: 'close' }).end();
  }

  return {
    name: 'AG-UI',
    wantsEveryState: true,
    write,
    listen(listener) {
      take = listener;
    },
    handle(request, response) {
      if (isClosed) return refuse(response);
      if (request.method === 'GET') return open(request, response, null);
      if (request.method === 'POST') return void takePost(request, response);
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
