import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { COMMENT, createStreamComments } from '../publish/agui/stream-comments.ts';
import { COMMON_HEADERS } from './answer.ts';
import { type Listener, STUCK_AFTER_MS } from './listener.ts';
import { piecesOf } from './pieces.ts';

/** The open streams of server-sent events. */
export interface EventListeners {
  readonly size: number;
  /** Tells whether a stream has been opened on this connection. If so, no further request on it can ever be answered. */
  holds(connection: Socket): boolean;
  /** Opens a stream in answer to a request. */
  open(response: ServerResponse, headers: Readonly<Record<string, string>>): Listener;
  close(): void;
}

export function createEventListeners(clock: Clock): EventListeners {
  const streams = new Map<Socket, ServerResponse>();
  const comments = createStreamComments(clock, () => {
    for (const stream of streams.values()) if (!stream.writableNeedDrain) stream.write(COMMENT);
  });

  return {
    get size() {
      return streams.size;
    },
    holds: (connection) => streams.has(connection),
    open(response, headers) {
      const gone = new AbortController();
      const connection = response.req.socket;
      response.writeHead(200, {
        ...COMMON_HEADERS,
        'content-type': 'text/event-stream',
        'x-accel-buffering': 'no', // a buffering proxy would show nothing for minutes
        ...headers,
      });
      response.flushHeaders();
      streams.set(connection, response);
      if (streams.size === 1) comments.start();
      // A response that is queued behind others on its connection is not told that the connection has closed.
      connection.once('close', () => {
        gone.abort();
        streams.delete(connection);
        if (streams.size === 0) comments.stop();
      });
      return {
        signal: gone.signal,
        async write(text) {
          for (const piece of piecesOf(text)) {
            if (gone.signal.aborted) return;
            if (response.write(piece)) continue;
            const calmDown = clock.after(STUCK_AFTER_MS, () => connection.destroy());
            await once(response, 'drain', { signal: gone.signal }).catch(() => {});
            calmDown();
          }
        },
      };
    },
    close() {
      comments.stop();
      for (const stream of streams.values()) stream.end();
    },
  };
}
