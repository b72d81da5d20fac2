import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { COMMON_HEADERS } from './answer.ts';
import type { Listener } from './listener.ts';

/** The open streams of server-sent events. */
export interface EventListeners {
  readonly size: number;
  /** Opens a stream in answer to a request. */
  open(response: ServerResponse, headers: Readonly<Record<string, string>>): Listener;
  close(): void;
}

/** Comments on a quiet stream keep proxies from closing it, and tell the listener that we live. */
const COMMENT_EVERY_MS = 15_000;

export function createEventListeners(clock: Clock): EventListeners {
  const streams = new Set<ServerResponse>();
  let stopComments = () => {};

  function commentSoon(): void {
    stopComments = clock.after(COMMENT_EVERY_MS, () => {
      for (const stream of streams) if (!stream.writableNeedDrain) stream.write(':\n\n');
      commentSoon();
    });
  }

  return {
    get size() {
      return streams.size;
    },
    open(response, headers) {
      const gone = new AbortController();
      response.writeHead(200, {
        ...COMMON_HEADERS,
        'content-type': 'text/event-stream',
        'x-accel-buffering': 'no', // a proxy that gathers what it passes on would show nothing for minutes
        ...headers,
      });
      response.flushHeaders();
      streams.add(response);
      if (streams.size === 1) commentSoon();
      response.once('close', () => {
        gone.abort();
        streams.delete(response);
        if (streams.size === 0) stopComments();
      });
      return {
        signal: gone.signal,
        async write(text) {
          if (response.write(text)) return;
          await once(response, 'drain', { signal: gone.signal }).catch(() => {});
        },
      };
    },
    close() {
      stopComments();
      for (const stream of streams) stream.end();
    },
  };
}
