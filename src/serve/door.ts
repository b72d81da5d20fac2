import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ListenOptions, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, endsWithin } from '../clock.ts';
import { listen } from '../io/listen.ts';
import { createConnections, type Standing } from './connections.ts';

/** An HTTP server that limits what any of its clients can occupy, and for how long. */
export interface Door {
  /** Starts to listen. Rejects with the system's error. */
  listen(where: ListenOptions): Promise<Server>;
  /** Accepts a connection that was made in another way. */
  accept(connection: Duplex): void;
  /** Frees the address. Clients get a moment to receive their goodbye; then every connection is closed, whatever it is. */
  close(): Promise<void>;
}

/** Handles the clients. `Access` is what a request may do, which is determined once. */
export interface DoorHandlers<Access> {
  accessOf(request: IncomingMessage): Access;
  standingOf(access: Access): Standing;
  request(request: IncomingMessage, response: ServerResponse, access: Access): void;
  /** Takes over a connection for another protocol, or has `turnAway` refuse it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, access: Access): void;
}

export interface DoorLimits {
  readonly connections: number;
  /** How long the head of a request may take, measured from the connection, in ms. */
  readonly headMs: number;
  /** How long a whole request may take, in ms. */
  readonly requestMs: number;
  /** A connection on which nothing moves for this long is closed, because its reader is stuck. */
  readonly silenceMs: number;
  /** How often Node checks for timeouts, in ms. */
  readonly lookEveryMs: number;
}

const DOOR_LIMITS: DoorLimits = {
  connections: 256,
  headMs: 10_000,
  requestMs: 15_000,
  silenceMs: 60_000,
  lookEveryMs: 1_000,
};

/** How long a client that is refused may take to read why. */
const FAREWELL_MS = 250;

export function createDoor<Access>(
  clock: Clock,
  handlers: DoorHandlers<Access>,
  limits: Partial<DoorLimits> = {},
): Door {
  const { connections: most, headMs, requestMs, silenceMs, lookEveryMs } = { ...DOOR_LIMITS, ...limits };
  const connections = createConnections(most);
  const letIn = (request: IncomingMessage): Access => {
    const access = handlers.accessOf(request);
    connections.raise(request.socket, handlers.standingOf(access));
    return access;
  };

  const server = createServer(
    { headersTimeout: headMs, requestTimeout: requestMs, connectionsCheckingInterval: lookEveryMs },
    (request, response) => handlers.request(request, response, letIn(request)),
  );
  server.timeout = silenceMs;
  server.on('connection', (socket: Socket) => connections.add(socket));
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    handlers.upgrade(request, socket, head, letIn(request));
  });

  return {
    async listen(where) {
      await listen(server, where);
      return server;
    },
    accept: (connection) => void server.emit('connection', connection),
    async close() {
      const freed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await endsWithin(clock, FAREWELL_MS, freed);
      connections.destroyAll();
      await freed;
    },
  };
}

/**
 * Answers an upgrade that is refused, and closes the connection, which nobody else reads any more. Whatever follows the
 * request is read and discarded; unread, it would reset the connection before the answer arrives.
 */
export function turnAway(socket: Duplex, answer: string, clock: Clock): void {
  const stop = clock.after(FAREWELL_MS, () => socket.destroy());
  socket.once('close', stop);
  socket.resume();
  socket.end(`HTTP/1.1 ${answer}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
