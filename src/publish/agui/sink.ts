import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { backgroundClock, type Clock } from '../../clock.ts';
import type { DashboardState } from '../../model/dashboard-state.ts';
import type { CommandFile } from '../dashboard-state/command-file.ts';
import type { Sink } from '../sink-feed.ts';
import { readPosted } from './request.ts';
import type { RunIds } from './run-input.ts';
import { createSinkListener, type SinkListener } from './sink-listener.ts';
import { createStateLog } from './state-log.ts';
import { createStreamComments } from './stream-comments.ts';
import { takeCommand } from './take-command.ts';

/** A sink for an emitter that streams its states as AG-UI events, to mount in your own HTTP server. */
export interface AguiSink extends Sink<DashboardState> {
  /** Shows the newest state to every listener. */
  write(state: DashboardState): void;
  /**
   * Answers a request. GET streams the state for as long as somebody listens. POST takes a command, or the input of a run, as
   * AG-UI's own client sends it: that stream ends once nothing is under way any more. Mount it at any path.
   */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Ends every stream, and refuses new ones: a listener that came back at once would keep the server from closing. */
  close(): void;
}

export interface AguiSinkOptions {
  readonly clock?: Clock;
  /** Anyone who posts a command must send it as a bearer token. */
  readonly token?: string;
}

/** Streams successive states as one snapshot and then RFC 6902 deltas. */
export function createAguiSink(options: AguiSinkOptions = {}): AguiSink {
  const { clock = backgroundClock } = options;
  const name = randomBytes(4).toString('hex');
  const log = createStateLog(name);
  const listeners = new Set<SinkListener>();
  const comments = createStreamComments(clock, () => {
    for (const listener of listeners) listener.comment();
  });
  let isClosed = false;
  /** Acts on commands; null while nobody does. */
  let take: ((command: CommandFile) => boolean) | null = null;

  function write(next: DashboardState): void {
    const text = log.write(next);
    if (text !== null) for (const listener of listeners) show(listener, [text]);
  }

  function open(request: IncomingMessage, response: ServerResponse, posted: RunIds | null): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-taskglass-commands': take ? 'cancel, retry, answer' : '',
    });
    response.flushHeaders();
    const ids = posted ?? { threadId: name, runId: randomUUID() };
    const listener = createSinkListener({
      response,
      ids,
      isPosted: posted !== null,
      clock,
      onDrain: () => show(listener, [log.snapshot()]),
    });
    listeners.add(listener);
    response.once('close', () => {
      listener.stop();
      listeners.delete(listener);
      if (listeners.size === 0) comments.stop();
    });
    if (listeners.size === 1) comments.start();
    show(listener, log.missedSince(request.headers['last-event-id']));
  }

  function show(listener: SinkListener, texts: readonly string[]): void {
    if (log.state && listeners.has(listener)) listener.show(log.state.activeTasks, texts);
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
      comments.stop();
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
  };
}
