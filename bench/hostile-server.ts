/** A server in its own process that streams what nobody has requested, as fast as it is read: `hostile-server.ts MODE`. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Flood = (round: number) => string;

const data = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const delta = (operations: object[]) => data({ type: 'STATE_DELTA', delta: operations });
const snapshot = (activeTasks: object[], more: object = {}) =>
  data({ type: 'STATE_SNAPSHOT', snapshot: { version: 1, timestamp: Date.now(), activeTasks, ...more } });
const task = (id: number, round: number) => ({
  taskId: `t${id}`,
  taskName: `Task ${round} ${id}`,
  status: 'running',
  steps: [{ index: 0, name: 's', status: 'running', progress: round % 100 }],
});
const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const attachedTask = (id: number, characters: number) => ({
  id: `t${id}`,
  name: `Task ${id}`,
  status: 'running',
  notes: [{ at: null, text: 'z'.repeat(characters) }],
  raw: { x: 'y'.repeat(characters) },
});
const movingTask = (id: number, round: number) => ({
  id: `t${id}`,
  name: `Task ${id}`,
  status: 'running',
  steps: many(4, (n) => ({ name: `step ${n}`, status: 'running', progress: (round * 7 + n) % 100 })),
});
const part = (number: number, isLast: boolean, tasks: object[]) =>
  data({ type: 'snapshot', version: 1, part: number, isLast, sources: [], tasks });

/** What is sent first, and then again and again. */
const MODES: Readonly<Record<string, { readonly first?: string; readonly flood: Flood }>> = {
  'agui copies': {
    first: snapshot([], { x: 'y'.repeat(1_000) }),
    flood: (round) => delta(many(4, (n) => ({ op: 'copy', from: '', path: `/k${round}-${n}` }))),
  },
  'agui copies of a part': {
    first: snapshot([task(0, 0)]),
    flood: () => delta(many(40, () => ({ op: 'copy', from: '/activeTasks', path: '/activeTasks/-' }))),
  },
  'agui operations': {
    first: snapshot([], { a: [] }),
    flood: () => delta(many(100_000, () => ({ op: 'add', path: '/a/0', value: 1 }))),
  },
  'agui new tasks': {
    first: snapshot([]),
    flood: (round) =>
      delta(many(200, (n) => ({ op: 'add', path: '/activeTasks/-', value: task(round * 200 + n, round) }))),
  },
  'agui all tasks changed': { flood: (round) => snapshot(many(5_000, (n) => task(n, round))) },
  'agui largest events': {
    flood: (round) => `data: {"type":"CUSTOM","n":${round},"x":[${'{},'.repeat(99_000)}0]}\n\n`,
  },
  'agui steps': {
    first: data({ type: 'RUN_STARTED', threadId: 't', runId: 'r' }),
    flood: (round) =>
      many(500, (n) => data({ type: 'STEP_STARTED', stepName: `step ${round} ${n}` })).join(''),
  },
  'agui empty lines': { flood: () => 'data:\n'.repeat(100_000) },
  'attach new tasks': {
    first: part(0, true, []),
    flood: (round) =>
      many(100, (n) => data({ type: 'task', task: attachedTask(round * 100 + n, 3_000) })).join(''),
  },
  'attach all tasks changed': {
    first: part(0, true, []),
    flood: (round) =>
      many(500, (n) => data({ type: 'task', task: movingTask((round * 500 + n) % 100_000, round) })).join(''),
  },
  'attach endless parts': {
    flood: (round) =>
      part(
        round,
        false,
        many(500, (n) => attachedTask(round * 500 + n, 2_000)),
      ),
  },
};

const mode = MODES[process.argv[2] ?? ''];
if (!mode) {
  console.log(Object.keys(MODES).join('\n'));
  process.exit();
}
const { first = '', flood } = mode;
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(first);
  send(response, 0);
}).listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
process.stdin.on('end', () => process.exit()).resume();

function send(response: ServerResponse, round: number): void {
  if (response.destroyed) return;
  const next = () => setImmediate(send, response, round + 1);
  if (response.write(flood(round))) next();
  else response.once('drain', next);
}
