import { createFakeProgram } from '../../helpers/fake-program.ts';
import type { WorldStatus } from '../source-contract.ts';

/** A task as pueue 4 writes it. */
export interface PueueTask {
  readonly id: number;
  readonly command: string;
  readonly status: object;
  readonly [key: string]: unknown;
}

export interface PueueState {
  readonly tasks: Readonly<Record<string, PueueTask>>;
  readonly groups: object;
}

const [enqueued_at, start, end] = [
  '2026-11-29T10:00:00.656334442+01:00',
  '2026-11-29T10:00:05.1+01:00',
  '2026-11-29T10:02:05.1+01:00',
];

/** pueue's own words. */
export const STATUSES: Readonly<Record<WorldStatus, object>> = {
  queued: { Queued: { enqueued_at } },
  running: { Running: { enqueued_at, start } },
  completed: { Done: { enqueued_at, start, end, result: 'Success' } },
  failed: { Done: { enqueued_at, start, end, result: { Failed: 2 } } },
};

export function pueueTask(id: number, command: string, status: object, more: object = {}): PueueTask {
  return {
    id,
    created_at: enqueued_at,
    original_command: command,
    command,
    path: '/home/ann/project',
    envs: { SECRET_TOKEN: 'hunter2' },
    group: 'default',
    dependencies: [],
    priority: 0,
    label: null,
    status,
    ...more,
  };
}

export function pueueState(tasks: readonly PueueTask[], groups: object = {}): PueueState {
  return {
    tasks: Object.fromEntries(tasks.map((task) => [task.id, task])),
    groups: { default: { status: 'Running', parallel_tasks: 1 }, ...groups },
  };
}

/** A pueue with a daemon that does what it is told to, at once. */
export function createFakePueue() {
  return createFakeProgram<PueueState>('pueue', {
    initial: pueueState([]),
    stateFile: 'pueue/state.json',
    broken: 'Error: \n   0: Failed to initialize client.\n   1: Could not connect to daemon',
    body: `
const [command, ...rest] = args;
const ended = { enqueued_at: ${JSON.stringify(enqueued_at)}, start: ${JSON.stringify(start)}, end: ${JSON.stringify(end)} };
const task = state.tasks[rest.at(-1)];
if (command === 'status' && rest[0] === '--json') print(state);
else if (!obeys || !task) fail('error: unrecognized subcommand or no such task');
else if (command === 'remove') { delete state.tasks[task.id]; save(state); }
else {
  task.status = command === 'kill' ? { Done: { ...ended, result: 'Killed' } } : { Queued: { enqueued_at: ended.enqueued_at } };
  save(state);
}`,
  });
}
