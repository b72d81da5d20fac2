import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';

type Entity = Record<string, unknown> & { id: string };

/** How the server treats requests: correctly, or in some worse way. */
export type Mood = 'well' | 'error' | 'hanging' | 'nonsense' | 'not-found';

/** A server with the routes, answers and frames of a Maestro, whose state the test controls. */
export interface MaestroServer {
  readonly url: string;
  readonly port: number;
  readonly tasks: Map<string, Entity>;
  readonly sessions: Map<string, Entity>;
  readonly projects: Map<string, Entity>;
  /** The requests, in order: `PATCH /api/tasks/t1 {"status":"todo"}`. */
  readonly requests: string[];
  /** How many receive the frames now. */
  readonly listeners: number;
  mood: Mood;
  /** While true, changes are not announced, as when the last frame of a burst is lost. */
  isMuffled: boolean;
  /** While true, requests for a single session stay unanswered. */
  isSecretive: boolean;
  /** While false, no WebSocket is opened. */
  hasFrames: boolean;
  /** Changes a task or session as the program does, and announces that in a frame. */
  put(kind: 'task' | 'session' | 'project', entity: Entity): void;
  remove(id: string): void;
  /** Sends any frame at all. */
  say(frame: string | Buffer): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startMaestroServer(): Promise<MaestroServer> {
  const collections = { task: new Map(), session: new Map(), project: new Map() } as Record<
    'task' | 'session' | 'project',
    Map<string, Entity>
  >;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const sockets = new WebSocketServer({ server, verifyClient: () => maestro.hasFrames });
  sockets.on('connection', (socket) => socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };

  const say = (frame: string | Buffer) => {
    for (const client of sockets.clients) client.send(frame);
  };
  const announce = (type: string, data: unknown) => {
    if (!maestro.isMuffled) say(JSON.stringify([{ type, event: type, data, timestamp: Date.now() }]));
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = request.method === 'GET' ? null : await json(request).catch(() => null);
    requests.push(`${request.method} ${request.url}${body ? ` ${JSON.stringify(body)}` : ''}`);
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof value === 'string' ? value : JSON.stringify(value));
    };
    const isHanging = maestro.isSecretive && request.url?.startsWith('/api/sessions/');
    if (maestro.mood === 'hanging' || isHanging) return;
    if (maestro.mood === 'error') return send(500, { error: true, message: 'out of memory' });
    if (maestro.mood === 'nonsense') return send(200, '<html>');
    if (maestro.mood === 'not-found') return send(404, { error: 'Not found' });
    const [status, value] = route(request, body as Record<string, unknown> | null);
    send(status, value);
  }

  function route(request: IncomingMessage, body: Record<string, unknown> | null): [number, unknown] {
    const [, , what = '', rawId, sub, other] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    const id = decodeURIComponent(rawId ?? '');
    if (request.method === 'GET' && rawId === undefined) {
      if (what === 'tasks') return [200, [...collections.task.values()]];
      if (what === 'sessions') return [200, [...collections.session.values()].map(listed)];
      if (what === 'projects') return [200, [...collections.project.values()]];
    }
    if (what === 'tasks' && request.method === 'POST' && rawId === undefined) return createTask(body ?? {});
    const entity = collections[what === 'tasks' ? 'task' : 'session'].get(id);
    if (!entity) return [404, { error: true, message: `${what.slice(0, -1)} ${id} not found` }];
    if (request.method === 'GET') return [200, entity];
    if (what === 'tasks' && request.method === 'PATCH') return patchTask(entity, body ?? {});
    if (what === 'tasks' && sub === 'timeline') return addEntry(id, body ?? {});
    if (what === 'sessions' && request.method === 'PATCH') {
      maestro.put('session', { ...entity, ...body });
      return [200, entity];
    }
    if (what === 'sessions' && sub === 'prompt') return prompt(entity, body ?? {});
    if (what === 'sessions' && sub === 'tasks' && other) return addTask(entity, other);
    return [404, { error: true, message: 'no such route' }];
  }

  /** A session may only report its own state; it has fewer words than the design. */
  function patchTask(task: Entity, body: Record<string, unknown>): [number, unknown] {
    const words = body.updateSource === 'session' ? SESSION_WORDS : USER_WORDS;
    const word = body.updateSource === 'session' ? body.sessionStatus : body.status;
    if (!words.includes(String(word))) return [400, { error: true, message: 'Invalid request body' }];
    const change =
      body.updateSource === 'session'
        ? { taskSessionStatuses: { ...(task.taskSessionStatuses as object), [String(body.sessionId)]: word } }
        : { status: word };
    const changed = { ...task, ...change, updatedAt: Date.now() };
    maestro.put('task', changed);
    return [200, changed];
  }

  /** Only the session that has started it, and those beside it, may send it a message. */
  function prompt(session: Entity, body: Record<string, unknown>): [number, unknown] {
    if (typeof body.content !== 'string' || typeof body.senderSessionId !== 'string')
      return [400, { error: 'content is required and must be a string' }];
    if (!collections.session.has(body.senderSessionId))
      return [404, { error: true, message: 'Session not found' }];
    if (session.parentSessionId !== body.senderSessionId)
      return [403, { error: true, message: 'Session prompt is limited to parent/sibling sessions' }];
    maestro.put('session', { ...session, needsInput: { active: false } });
    return [200, { success: true }];
  }

  function addEntry(taskId: string, body: Record<string, unknown>): [number, unknown] {
    const session = collections.session.get(String(body.sessionId));
    if (!session) return [404, { error: true, message: 'Session not found' }];
    const entry = { type: body.type, timestamp: Date.now(), message: body.message, taskId };
    maestro.put('session', { ...session, timeline: [...((session.timeline as unknown[]) ?? []), entry] });
    return [200, { success: true }];
  }

  function addTask(session: Entity, taskId: string): [number, unknown] {
    const task = collections.task.get(taskId);
    if (!task) return [404, { error: true, message: 'Task not found' }];
    maestro.put('session', { ...session, taskIds: [...((session.taskIds as unknown[]) ?? []), taskId] });
    maestro.put('task', { ...task, sessionIds: [...((task.sessionIds as unknown[]) ?? []), session.id] });
    return [200, session];
  }

  function createTask(body: Record<string, unknown>): [number, unknown] {
    if (!collections.project.has(String(body.projectId)))
      return [400, { error: true, message: 'Project ID is required' }];
    const task = { id: `task_${collections.task.size + 1}`, status: 'todo', sessionIds: [], ...body };
    maestro.put('task', task);
    return [201, task];
  }

  const maestro: MaestroServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    tasks: collections.task,
    sessions: collections.session,
    projects: collections.project,
    requests,
    get listeners() {
      return sockets.clients.size;
    },
    mood: 'well',
    isMuffled: false,
    isSecretive: false,
    hasFrames: true,
    put(kind, entity) {
      collections[kind].set(entity.id, entity);
      announce(`${kind}:updated`, entity);
    },
    remove(id) {
      collections.task.delete(id);
      announce('task:deleted', { id });
    },
    say,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return maestro;
}

const USER_WORDS = ['todo', 'in_progress', 'in_review', 'completed', 'cancelled', 'blocked', 'archived'];
const SESSION_WORDS = ['working', 'blocked', 'completed', 'failed', 'skipped'];

/** The list says less about a session than its own document. */
function listed({ env, timeline, needsInput, ...session }: Entity): object {
  return session;
}
