import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, sleep } from '../clock.ts';
import { mayPassOn } from '../model/via.ts';
import type { Monitor } from '../monitor.ts';
import { readPosted } from '../sources/agui/request.ts';
import type { Filter } from '../store/filter.ts';
import type { SortKey } from '../store/select.ts';
import { accessHeaders } from './access.ts';
import { createAguiDialect } from './agui-dialect.ts';
import { asEndlessRun, tellRun } from './agui-runs.ts';
import { answerJson, streamJson } from './answer.ts';
import { createCommandHandler, type TakenCommand } from './commands.ts';
import { createEventListeners } from './event-listeners.ts';
import { createEventsDialect } from './events-dialect.ts';
import { createFeed } from './feed.ts';
import { refusalOf } from './guard.ts';
import { type Dialect, tell } from './listener.ts';
import type { ServerContext } from './server-context.ts';
import { createSnapshots } from './snapshots.ts';
import { createSocketDialect } from './socket-dialect.ts';
import { createSocketListeners } from './socket-listeners.ts';

/** What this taskglass sees, shown to others over HTTP on 127.0.0.1. */
export interface TaskServer {
  /** `http://127.0.0.1:4747` */
  readonly url: string;
  readonly port: number;
  /** How many listen: to server-sent events and WebSockets. */
  readonly listeners: number;
  /** Says good-bye to every listener and frees the port. The monitor stays the caller's. */
  close(): Promise<void>;
}

export interface TaskServerOptions {
  readonly monitor: Monitor;
  readonly clock: Clock;
  /** 0: any free one. */
  readonly port: number;
  /** Who changes something must bring it; null: nothing may be changed. */
  readonly token: string | null;
  readonly isListed: Filter;
  readonly sort: SortKey;
  readonly stallAfterMs: number;
  readonly onCommand?: (taken: TakenCommand) => void;
}

const HOST = '127.0.0.1';
const MOST_LISTENERS = 64;
const MOST_CONNECTIONS = 256;
/** A connection on which nothing moves for so long is cut: a reader that is stuck, a request that never comes. */
const SILENCE_LIMIT_MS = 60_000;
const FAREWELL_MS = 250;

/** Starts to listen. Rejects with the system's error where it can't. */
export async function createTaskServer(options: TaskServerOptions): Promise<TaskServer> {
  const { monitor, clock, token } = options;
  const serverId = randomUUID();
  const isListed: Filter = (entry) => options.isListed(entry) && mayPassOn(entry.task, serverId);
  const context = (): ServerContext => ({
    serverId,
    nowMs: clock.now(),
    stallAfterMs: options.stallAfterMs,
    readOnly: token === null,
    estimate: monitor.estimate,
  });
  const feed = createFeed(monitor, clock);
  const streams = createEventListeners(clock);
  const sockets = createSocketListeners(clock);
  const snapshots = createSnapshots({ ...options, isListed, context });
  const dialects = {
    events: createEventsDialect(isListed, context),
    agui: createAguiDialect(isListed, context),
    socket: createSocketDialect(isListed, context),
  };
  const isFull = () => streams.size + sockets.size >= MOST_LISTENERS;

  const stream = (dialect: Dialect) => (request: IncomingMessage, response: ServerResponse) => {
    if (isFull()) return answerJson(response, 503, { error: 'too many listeners' });
    void tell(streams.open(response, accessHeaders(request, token)), dialect, feed);
  };
  const command = createCommandHandler({ ...options, isListed, onCommand: options.onCommand ?? (() => {}) });
  const postedToAgui: Handler = async (request, response) => {
    const posted = await readPosted(request);
    if (posted.kind !== 'run') return command(request, response, posted);
    if (isFull()) return answerJson(response, 503, { error: 'too many listeners' });
    const listener = streams.open(response, accessHeaders(request, token));
    await tellRun(listener, response, posted.run, { dialect: dialects.agui, feed, clock, isListed });
  };
  const routes: Routes = {
    '/': { GET: (_request, response) => answerJson(response, 200, DIRECTORY) },
    '/snapshot': { GET: (_request, response) => streamJson(response, snapshots.text()) },
    '/events': { GET: stream(dialects.events) },
    '/agui': { GET: stream(asEndlessRun(dialects.agui, serverId)), POST: postedToAgui },
    '/commands': { POST: command },
  };

  /** Why no WebSocket is opened; null where one is. */
  function upgradeStatus(request: IncomingMessage): string | null {
    if (refusalOf(request, token)) return '403 Forbidden';
    if (pathOf(request) !== '/ws') return '404 Not Found';
    return isFull() ? '503 Service Unavailable' : null;
  }

  const server = createServer((request, response) => {
    const refusal = refusalOf(request, token);
    if (refusal) answerJson(response, 403, { error: refusal });
    else void dispatch(routes, request, response);
  });
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const status = upgradeStatus(request);
    if (status) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
    else sockets.open(request, socket, head, (listener) => void tell(listener, dialects.socket, feed));
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = SILENCE_LIMIT_MS;
  await listen(server, options.port);

  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}`,
    port,
    get listeners() {
      return streams.size + sockets.size;
    },
    async close() {
      feed.close();
      const freed = new Promise<void>((resolve) => server.close(() => resolve()));
      streams.close();
      sockets.close();
      server.closeIdleConnections();
      await Promise.race([freed, sleep(clock, FAREWELL_MS)]);
      server.closeAllConnections();
      sockets.terminate();
      await freed;
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
type Routes = Readonly<Record<string, Readonly<Partial<Record<string, Handler>>>>>;

/** What there is, for whoever looks with curl. */
const DIRECTORY = {
  taskglass: 'what this taskglass sees',
  '/snapshot': 'everything, as one JSON document',
  '/events': 'server-sent events for another taskglass: taskglass http://…',
  '/agui': 'AG-UI: taskglass agui:http://…/agui, or the POST of an AG-UI client',
  '/ws': 'changes over a WebSocket',
  '/commands': 'POST {command, taskId}, with the token as bearer',
};

function dispatch(routes: Routes, request: IncomingMessage, response: ServerResponse): void | Promise<void> {
  const path = pathOf(request);
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!route) return answerJson(response, 404, { error: 'there is no such page; / lists them' });
  const method = request.method ?? '';
  const handler = Object.hasOwn(route, method) ? route[method] : undefined;
  if (handler) return handler(request, response);
  response.setHeader('allow', Object.keys(route).join(', '));
  return answerJson(response, 405, { error: `${Object.keys(route).join(' or ')} only` });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? '';
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
