import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that a test answers by hand. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  /** Answers with a stream of server-sent events. */
  open(headers?: Record<string, string>): void;
  /** Writes the data of events, as JSON unless it is a text. */
  say(...events: unknown[]): void;
  /** Does both, for an answer that is ended or cut at once. */
  stream(...events: unknown[]): ServerResponse;
  /** Does both, and cuts the connection once that was sent. */
  breakOff(...events: unknown[]): void;
}

export interface EventServer {
  readonly url: string;
  /** All requests so far. */
  readonly asked: readonly Asked[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a server on a free port; `answer` answers each request, numbered from 0. */
export async function openEventServer(answer: (asked: Asked, number: number) => void): Promise<EventServer> {
  const all: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const asked: Asked = {
      request,
      response,
      body,
      open(headers = {}) {
        response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
        response.flushHeaders();
      },
      say(...events) {
        for (const event of events)
          response.write(typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`);
      },
      stream(...events) {
        asked.open();
        asked.say(...events);
        return response;
      },
      breakOff(...events) {
        asked.stream(...events).write(':\n\n', () => response.destroy());
      },
    };
    all.push(asked);
    answer(asked, all.length - 1);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: all,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
