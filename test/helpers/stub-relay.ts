import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilter } from 'nostr-tools/filter';
import { type WebSocket, WebSocketServer } from 'ws';

/** A relay that does exactly what a test tells it to: the misbehaving half of the network. */
export interface StubRelay {
  readonly url: string;
  readonly port: number;
  /** Every message received, in order, over all connections. */
  readonly received: unknown[][];
  /** How many connections were made so far. */
  readonly connections: number;
  /** Sends a message, or a raw frame, to every client. */
  say(message: readonly unknown[] | string | Buffer): void;
  /** Ends every connection: properly with a code, or by breaking the socket. */
  drop(code?: number): void;
  /** Nothing gets in or out any more, but no connection ends, like a pulled cable. */
  freeze(): void;
  /** Stops listening and breaks all connections. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How the stub answers a message; by default not at all, except for an EOSE to each REQ and an OK to each EVENT. */
export type Behaviour = (message: unknown[], say: (message: readonly unknown[] | string) => void) => void;

export const wellBehaved: Behaviour = ([type, first], say) => {
  if (type === 'REQ') say(['EOSE', first]);
  if (type === 'EVENT') say(['OK', (first as { id: string }).id, true, '']);
};

export const silent: Behaviour = () => {};

/** Serves what is in `stored`, whatever it is, as NIP-01 asks: newest first, at most `limit` and `cap`. */
export function serving(stored: readonly Event[], { cap = 500 }: { cap?: number } = {}): Behaviour {
  return ([type, first, ...filters], say) => {
    if (type !== 'REQ') return wellBehaved([type, first], say);
    const found = (filters as Filter[]).flatMap((filter) =>
      stored
        .filter((event) => matchFilter(filter, event))
        .toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1))
        .slice(0, Math.min(filter.limit ?? cap, cap)),
    );
    for (const event of new Set(found)) say(['EVENT', first, event]);
    say(['EOSE', first]);
  };
}

export async function startStubRelay(
  options: {
    behave?: Behaviour;
    greet?: (say: (message: readonly unknown[] | string) => void) => void;
    port?: number;
  } = {},
): Promise<StubRelay> {
  const { behave = wellBehaved, greet } = options;
  const server = new WebSocketServer({ host: '127.0.0.1', port: options.port ?? 0 });
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const received: unknown[][] = [];
  const clients = new Set<{ socket: WebSocket; raw: Socket }>();
  let connections = 0;

  server.on('connection', (socket, request) => {
    connections += 1;
    const client = { socket, raw: request.socket };
    clients.add(client);
    socket.on('close', () => clients.delete(client));
    socket.on('error', () => {});
    const say = (message: readonly unknown[] | string | Buffer) =>
      socket.send(Array.isArray(message) ? JSON.stringify(message) : (message as string));
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString()) as unknown[];
      received.push(message);
      behave(message, say);
    });
    greet?.(say);
  });

  const stop = async () => {
    for (const { raw } of clients) raw.destroy();
    await new Promise((resolve) => server.close(resolve));
  };

  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    received,
    get connections() {
      return connections;
    },
    say(message) {
      for (const { socket } of clients) {
        socket.send(Array.isArray(message) ? JSON.stringify(message) : (message as string));
      }
    },
    drop(code) {
      for (const { socket, raw } of clients) {
        if (code === undefined) raw.destroy();
        else socket.close(code);
      }
    },
    freeze() {
      for (const { socket, raw } of clients) {
        raw.pause();
        socket.pause();
      }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Accepts TCP connections and never sends anything. */
export async function startMuteServer(): Promise<{ url: string; [Symbol.asyncDispose](): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
