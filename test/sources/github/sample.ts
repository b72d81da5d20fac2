import { createFakeProgram } from '../../helpers/fake-program.ts';
import type { WorldStatus } from '../source-contract.ts';

/** A run with its jobs, in `gh`'s own words. */
export interface FakeRun {
  readonly databaseId: number;
  readonly status: string;
  readonly conclusion: string;
  readonly jobs: readonly object[];
  readonly [key: string]: unknown;
}

export const STARTED = Date.parse('2026-11-30T04:00:00Z');
const ZERO = '0001-01-01T00:00:00Z';
const at = (seconds: number) => new Date(STARTED + seconds * 1000).toISOString().replace('.000Z', 'Z');

export const STATES: Readonly<Record<WorldStatus, object>> = {
  queued: { status: 'queued', conclusion: '' },
  running: { status: 'in_progress', conclusion: '' },
  completed: { status: 'completed', conclusion: 'success' },
  failed: { status: 'completed', conclusion: 'failure' },
};

export function fakeRun(databaseId: number, workflowName: string, state: object, more: object = {}): FakeRun {
  return {
    attempt: 1,
    createdAt: at(0),
    databaseId,
    displayTitle: 'Mend the door',
    event: 'push',
    headBranch: 'main',
    headSha: '3a58428aa5c399cf5aa12c8663aea1fb1f515254',
    name: workflowName,
    number: databaseId,
    startedAt: at(5),
    status: 'queued',
    conclusion: '',
    updatedAt: at(300),
    url: `https://github.com/ann/door/actions/runs/${databaseId}`,
    workflowDatabaseId: 42,
    workflowName,
    jobs: [],
    ...state,
    ...more,
  };
}

/** A step from one second to another; not begun, or not over, without them. */
export function fakeStep(name: string, from?: number, to?: number, conclusion = 'success') {
  const isOver = to !== undefined;
  return {
    name,
    number: 1,
    status: isOver ? 'completed' : from === undefined ? 'queued' : 'in_progress',
    conclusion: isOver ? conclusion : '',
    startedAt: from === undefined ? ZERO : at(from),
    completedAt: isOver ? at(to) : ZERO,
  };
}

export function fakeJob(name: string, steps: readonly ReturnType<typeof fakeStep>[], more: object = {}) {
  const ended = steps.length > 0 && steps.every(({ status }) => status === 'completed');
  const begun = steps.some(({ status }) => status !== 'queued');
  return {
    databaseId: 1,
    name,
    status: ended ? 'completed' : begun ? 'in_progress' : 'queued',
    conclusion: ended ? 'success' : '',
    startedAt: steps[0]?.startedAt ?? ZERO,
    completedAt: ended ? steps.at(-1)?.completedAt : ZERO,
    url: 'https://github.com/ann/door/actions/runs/1/job/1',
    steps,
    ...more,
  };
}

/** A `gh` that is logged in; `knows` are the fields that its version can print. */
export function createFakeGh({ lacks = [] as readonly string[] } = {}) {
  return createFakeProgram<readonly FakeRun[]>('gh', {
    initial: [],
    broken: 'error connecting to api.github.com\ncheck your internet connection or https://githubstatus.com',
    body: `
const [, verb, id] = args;
const run = state.find(({ databaseId }) => String(databaseId) === id);
if (verb === 'list') {
  const fields = args[args.indexOf('--json') + 1].split(',');
  const unknown = fields.find((field) => ${JSON.stringify(lacks)}.includes(field));
  if (unknown) fail('Unknown JSON field: "' + unknown + '"\\nAvailable fields:\\n  conclusion');
  print(state.map((one) => Object.fromEntries(fields.map((field) => [field, one[field]]))));
} else if (verb === 'view' && run) print({ jobs: run.jobs });
else if (!obeys || !run) fail('failed to get run: HTTP 410: Gone (https://api.github.com/x?token=hunter2)');
else {
  const next = verb === 'cancel' ? { status: 'completed', conclusion: 'cancelled' } : { status: 'queued', conclusion: '', attempt: run.attempt + 1 };
  Object.assign(run, next);
  save(state);
}`,
  });
}
