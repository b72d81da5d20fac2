import { createServer, type IncomingMessage as HttpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { initNostrWasm } from 'nostr-wasm';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Clock, endsWithin } from '../clock.ts';
import { listen } from '../io/listen.ts';
import { createAcceptance } from './accept.ts';
import { clientOf, complaintAboutSubscription, keepAlive } from './connection.ts';
import { EventMemory } from './event-memory.ts';
import { LIMITS, MEMORY_BOUNDS, RELAY_INFORMATION } from './limits.ts';
import { sendToSubscribers } from './live.ts';
import { readFrame } from './message.ts';
import {
  type Client,
  type ClientContext,
  createOutgoingClosedMessage,
  createOutgoingOkMessage,
  type IncomingMessage,
  MessageType,
  NostrRelay,
} from './nostr-relay.ts';
import { type AllowedOrigins, refusalOfVisitor } from './visitors.ts';

/** A Nostr relay inside this process. */
export interface Relay {
  /** Where clients connect: `ws://127.0.0.1:4711`. */
  readonly url: string;
  readonly port: number;
  /** Closes every connection and frees the port. */
  close(): Promise<void>;
}

export interface RelayOptions {
  readonly clock: Clock;
  /** Any free port if 0 or absent. */
  readonly port?: number;
  /** 127.0.0.1 by default, because anybody who can reach the relay can use it. */
  readonly host?: string;
  /** Origins of web pages that may connect, besides the relay's own address; none by default. */
  readonly allowedOrigins?: AllowedOrigins;
  /** The most that is kept, in events and in bytes of their JSON. */
  readonly bounds?: { readonly events: number; readonly bytes: number };
}

/** How long a client may take to close its side of a connection, ms. */
const FAREWELL_MS = 250;

/** Starts a relay that keeps its events in memory. Rejects with the system's error if it can't listen. */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const { clock, host = '127.0.0.1', allowedOrigins = [] } = options;
  const wasm = await initNostrWasm();
  const memory = new EventMemory(options.bounds ?? MEMORY_BOUNDS, clock);
  const contexts = new Map<Client, ClientContext>();
  const accept = createAcceptance({
    memory,
    clock,
    verify: (event) => succeeds(() => wasm.verifyEvent(event)),
    sendOn: (event) => sendToSubscribers(contexts.values(), event),
  });
  const protocol = createProtocol(memory, contexts, accept);

  const http = createServer((request, response) => describe(request, response, allowedOrigins));
  http.maxConnections = LIMITS.connections;
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: LIMITS.frameBytes,
    verifyClient({ req }, decide) {
      const refusal = refusalOfVisitor(req, allowedOrigins);
      decide(refusal === null, 403, refusal ?? undefined);
    },
  });
  sockets.on('error', () => {}); // it repeats the server's errors, which `listen` reports
  let queue = Promise.resolve();
  sockets.on('connection', (socket) => {
    const client = clientOf(socket);
    keepAlive(socket, clock);
    protocol.handleConnection(client);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      contexts.delete(client);
      protocol.handleDisconnect(client);
    });
    // One message at a time for all clients, so that no event is lost between a query and its subscription.
    socket.on('message', (data) => {
      queue = queue.then(() => handle(String(data), client)).catch(() => socket.terminate());
    });
  });

  async function handle(text: string, client: Client): Promise<void> {
    const frame = await readFrame(text);
    if (client.readyState !== 1) return;
    if (frame.kind === 'answer') client.send(JSON.stringify(frame.answer));
    else if (frame.kind === 'count')
      client.send(JSON.stringify(['COUNT', frame.id, { count: memory.count(frame.filters) }]));
    else await protocol.handleMessage(client, frame.message);
  }

  await listen(http, { port: options.port ?? 0, host });
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    async close() {
      const freed = new Promise((resolve) => http.close(resolve));
      await sayGoodbye([...sockets.clients], clock);
      http.closeAllConnections();
      await freed;
      await protocol.destroy();
    },
  };
}

/**
 * Creates the library's part of the protocol (REQ, CLOSE); events, logins and the number of subscriptions are handled here.
 */
function createProtocol(
  memory: EventMemory,
  contexts: Map<Client, ClientContext>,
  accept: ReturnType<typeof createAcceptance>,
): NostrRelay {
  const protocol = new NostrRelay(memory, {
    maxSubscriptionsPerClient: LIMITS.subscriptions,
    filterResultCacheTtl: 0,
    eventHandlingResultCacheTtl: 0,
    logger: SILENT,
  });
  return protocol.register({
    async handleMessage(context: ClientContext, message: IncomingMessage, next) {
      contexts.set(context.client, context);
      if (message[0] === MessageType.EVENT) {
        const { accepted, reason } = accept(message[1]);
        context.sendMessage(createOutgoingOkMessage(message[1].id, accepted, reason));
        return { messageType: MessageType.EVENT, success: accepted, message: reason };
      }
      if (message[0] === MessageType.AUTH)
        return context.sendMessage(createOutgoingOkMessage(message[1].id, false, NO_LOGIN));
      const complaint =
        message[0] === MessageType.REQ ? complaintAboutSubscription(context, message[1]) : null;
      if (complaint === null) return next();
      context.sendMessage(createOutgoingClosedMessage(message[1] as string, complaint));
    },
  });
}

/** Without a challenge, the library would accept any login (NIP-42). */
const NO_LOGIN = 'invalid: this relay has given no challenge, and needs no login';

/** Answers plain HTTP requests: with NIP-11 if it is requested, else with a short text. Pages that may connect may read it. */
function describe(request: HttpRequest, response: ServerResponse, allowedOrigins: AllowedOrigins): void {
  const wantsJson = request.headers.accept?.includes('application/nostr+json') ?? false;
  const { origin } = request.headers;
  const isPageAllowed = origin !== undefined && refusalOfVisitor(request, allowedOrigins) === null;
  response.writeHead(200, {
    'content-type': wantsJson ? 'application/nostr+json' : 'text/plain; charset=utf-8',
    vary: 'Origin',
    ...(isPageAllowed ? { 'access-control-allow-origin': origin, 'access-control-allow-headers': '*' } : {}),
  });
  response.end(
    wantsJson ? JSON.stringify(RELAY_INFORMATION) : 'taskglass relay: connect with a Nostr client\n',
  );
}

async function sayGoodbye(sockets: readonly WebSocket[], clock: Clock): Promise<void> {
  const closed = Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
  );
  for (const socket of sockets) socket.close(1001, 'the relay is closing');
  await endsWithin(clock, FAREWELL_MS, closed);
  for (const socket of sockets) socket.terminate();
  await closed;
}

function succeeds(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

const SILENT = { setLogLevel() {}, debug() {}, info() {}, warn() {}, error() {} };
