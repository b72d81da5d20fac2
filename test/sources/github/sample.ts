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
    conclusion: isOver ? conclusion : null,
    started_at: from === undefined ? null : at(from),
    completed_at: isOver ? at(to) : null,
  };
}

export function fakeJob(name: string, steps: readonly ReturnType<typeof fakeStep>[], more: object = {}) {
  const ended = steps.length > 0 && steps.every(({ status }) => status === 'completed');
  const begun = steps.some(({ status }) => status !== 'queued');
  return {
    id: 1,
    name,
    status: ended ? 'completed' : begun ? 'in_progress' : 'queued',
    conclusion: ended ? 'success' : null,
    started_at: steps[0]?.started_at ?? null,
    completed_at: ended ? steps.at(-1)?.completed_at : null,
    steps,
    ...more,
  };
}

/** A `gh` that is logged in; `lacks` are the fields that its version does not know. */
export function createFakeGh({ lacks = [] as readonly string[] } = {}) {
  return createFakeProgram<readonly FakeRun[]>('gh', {
    initial: [],
    broken: 'error connecting to api.github.com\ncheck your internet connection or https://githubstatus.com',
    body: `
const [command, verb] = args;
const id = command === 'api' ? verb.split('/')[5] : args[2];
const run = state.find(({ databaseId }) => String(databaseId) === id);
if (verb === 'list') {
  const fields = args[args.indexOf('--json') + 1].split(',');
  const unknown = fields.find((field) => ${JSON.stringify(lacks)}.includes(field));
  if (unknown) fail('Unknown JSON field: "' + unknown + '"\\nAvailable fields:\\n  conclusion');
  print(state.map((one) => Object.fromEntries(fields.map((field) => [field, one[field]]))));
} else if (command === 'api' && run) print({ total_count: run.jobs.length, jobs: run.jobs });
else if (!obeys || !run) fail('failed to get run: HTTP 410: Gone (https://api.github.com/x?token=hunter2)');
else {
  const next = verb === 'cancel' ? { status: 'completed', conclusion: 'cancelled' } : { status: 'queued', conclusion: '', attempt: run.attempt + 1 };
  Object.assign(run, next);
  save(state);
}`,
  });
}
