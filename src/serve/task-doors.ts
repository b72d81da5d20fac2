import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.ts';
import { mayPassOn } from '../model/via.ts';
import type { Monitor } from '../monitor.ts';
import { readPosted } from '../publish/agui/request.ts';
import type { Filter } from '../store/filter.ts';
import type { SortKey } from '../store/select.ts';
import { type Access, accessHeaders } from './access.ts';
import { createAguiDialect } from './agui-dialect.ts';
import { asEndlessRun, tellRun } from './agui-runs.ts';
import { answerJson, streamJson } from './answer.ts';
import { createCommandHandler, type TakenCommand } from './commands.ts';
import { createDoor, type Door, turnAway } from './door.ts';
import { createEventListeners } from './event-listeners.ts';
import { createEventsDialect } from './events-dialect.ts';
import { createFeed } from './feed.ts';
import { createHost } from './host.ts';
import { type Dialect, tell } from './listener.ts';
import { createLogHandler } from './log-handler.ts';
import type { ServerContext } from './server-context.ts';
import { createSnapshots } from './snapshots.ts';
import { createSocketDialect } from './socket-dialect.ts';
import { createSocketListeners } from './socket-listeners.ts';

/** What is shown to others, and of which tasks. */
export interface ServedView {
  readonly monitor: Monitor;
  readonly clock: Clock;
  /** Whether nothing may be changed. */
  readonly readOnly: boolean;
  readonly isListed: Filter;
  readonly sort: SortKey;
  readonly stallAfterMs: number;
  readonly onCommand?: (taken: TakenCommand) => void;
}

/** The pages of a view behind any number of doors, which share its listeners. */
export interface TaskDoors {
  /** How many listeners there are to server-sent events and WebSockets. */
  readonly listeners: number;
  /** Opens a door for clients; `accessFor` determines their rights. */
  openDoor(accessFor: (request: IncomingMessage) => Access): Door;
  /** Says goodbye to every listener and closes every door, in less than a second. */
  close(): Promise<void>;
}

const MOST_LISTENERS = 64;
/** Further listeners need the token. */
const MOST_READING_LISTENERS = 48;

export function createTaskDoors(options: ServedView): TaskDoors {
  const { monitor, clock, readOnly } = options;
  const doors = new Set<Door>();
  const serverId = randomUUID();
  const isListed: Filter = (entry) => options.isListed(entry) && mayPassOn(entry.task, serverId);
  const host = createHost(monitor);
  const context = (): ServerContext => ({
    serverId,
    nowMs: clock.now(),
    stallAfterMs: options.stallAfterMs,
    readOnly,
    estimate: monitor.estimate,
    host,
  });
  const feed = createFeed(monitor, clock);
  const streams = createEventListeners(clock);
  const sockets = createSocketListeners(clock);
  const snapshots = createSnapshots({ ...options, isListed, context });
  const dialects = {
    eventsForOwner: createEventsDialect(isListed, context, { withRaw: true }),
    eventsForReader: createEventsDialect(isListed, context, { withRaw: false }),
    agui: createAguiDialect(isListed, context),
    socket: createSocketDialect(isListed, context),
  };
  const isFull = ({ kind }: Access) =>
    streams.size + sockets.size >= (kind === 'owner' ? MOST_LISTENERS : MOST_READING_LISTENERS);

  const stream =
    (dialectFor: (access: Access) => Dialect): Handler =>
    (_request, response, access) => {
      if (isFull(access)) return answerJson(response, 503, { error: 'too many listeners' });
      void tell(streams.open(response, accessHeaders(access, readOnly)), dialectFor(access), feed);
    };
  const command = createCommandHandler({ ...options, isListed, onCommand: options.onCommand ?? (() => {}) });
  const logs = createLogHandler({ ...options, isListed });
  const endlessRun = asEndlessRun(dialects.agui, serverId);
  const postedToAgui: Handler = async (request, response, access) => {
    const posted = await readPosted(request);
    if (posted.kind !== 'run') return command(request, response, access, posted);
    if (isFull(access)) return answerJson(response, 503, { error: 'too many listeners' });
    const listener = streams.open(response, accessHeaders(access, readOnly));
    await tellRun(listener, response, posted.run, { dialect: dialects.agui, feed, clock, isListed });
  };
  const routes: Routes = {
    '/': { GET: (_request, response) => answerJson(response, 200, DIRECTORY) },
    '/snapshot': { GET: (_request, response) => streamJson(response, snapshots.text()) },
    '/events': {
      GET: stream(({ kind }) => (kind === 'owner' ? dialects.eventsForOwner : dialects.eventsForReader)),
    },
    '/agui': { GET: stream(() => endlessRun), POST: postedToAgui },
    '/commands': { POST: command },
    '/log': { GET: logs.handle },
  };

  /** Returns why no WebSocket is opened; null if one is. */
  function upgradeRefusal(request: IncomingMessage, access: Access): string | null {
    if (access.kind === 'refused')
      return access.status === 401 ? '401 Unauthorized\r\nwww-authenticate: Bearer' : '403 Forbidden';
    if (pathOf(request) !== '/ws') return '404 Not Found';
    return isFull(access) ? '503 Service Unavailable' : null;
  }

  function openDoor(accessFor: (request: IncomingMessage) => Access): Door {
    return createDoor(clock, {
      accessOf: accessFor,
      standingOf: ({ kind }) => (kind === 'refused' ? 'unknown' : kind),
      request(request, response, access) {
        if (streams.holds(request.socket)) return void request.socket.destroy();
        if (access.kind !== 'refused') return void dispatch(routes, request, response, access);
        if (access.status === 401) response.setHeader('www-authenticate', 'Bearer');
        answerJson(response, access.status, { error: access.error });
      },
      upgrade(request, socket: Duplex, head, access) {
        const refusal = upgradeRefusal(request, access);
        if (refusal) return turnAway(socket, refusal, clock);
        sockets.open(request, socket, head, (listener) => void tell(listener, dialects.socket, feed));
      },
    });
  }
  return {
    get listeners() {
      return streams.size + sockets.size;
    },
    openDoor(accessFor) {
      const door = openDoor(accessFor);
      doors.add(door);
      return door;
    },
    async close() {
      feed.close();
      streams.close();
      sockets.close();
      logs.close();
      await Promise.all([...doors].map((door) => door.close()));
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse, access: Access) => void | Promise<void>;
type Routes = Readonly<Record<string, Readonly<Partial<Record<string, Handler>>>>>;

/** The list of pages, for people who use curl. */
const DIRECTORY = {
  taskglass: 'what this taskglass sees',
  '/snapshot': 'everything, as one JSON document',
  '/events': 'server-sent events for another taskglass: taskglass http://…',
  '/agui': 'AG-UI: taskglass agui:http://…/agui, or the POST of an AG-UI client',
  '/ws': 'changes over a WebSocket',
  '/log': 'what a task has printed: ?task=ID, with the token as bearer',
  '/commands': 'POST {command, taskId}, with the token as bearer',
};

function dispatch(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
): void | Promise<void> {
  const path = pathOf(request);
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!route) return answerJson(response, 404, { error: 'there is no such page; / lists them' });
  const method = request.method ?? '';
  const handler = Object.hasOwn(route, method) ? route[method] : undefined;
  if (handler) return handler(request, response, access);
  response.setHeader('allow', Object.keys(route).join(', '));
  return answerJson(response, 405, { error: `${Object.keys(route).join(' or ')} only` });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? '';
}
