import { describe, expect, it } from 'vitest';
import { decodeJob, decodeListedTask, decodeSession } from '../../src/agents/claude/format.ts';
import { activityText } from '../../src/sources/agui/activity-text.ts';
import { applyPatch } from '../../src/sources/agui/patch.ts';
import { planSteps } from '../../src/sources/agui/plan-steps.ts';
import { decodeBeads } from '../../src/sources/beads/format.ts';
import { decodeDashboardState } from '../../src/sources/dashboard-state/format.ts';
import { readFeatureList } from '../../src/sources/feature-list/format.ts';
import { decodeRuns } from '../../src/sources/github/format.ts';
import { decodeJobs } from '../../src/sources/github/jobs.ts';
import { detectFormat } from '../../src/sources/open/detect.ts';
import { decodePueue } from '../../src/sources/pueue/format.ts';
import { decodeBoard } from '../../src/sources/sessions/format.ts';
import { decodeSqueue } from '../../src/sources/slurm/format.ts';
import { decodeTimers, decodeUnits } from '../../src/sources/systemd/format.ts';
import { decodeTaskBreakdown } from '../../src/sources/task-breakdown/format.ts';
import { decodeTaskMaster } from '../../src/sources/task-master/format.ts';

/** JSON that no `String()` and no template turns into text: both throw. */
const UNTEXTUAL = { toString: '', valueOf: '' };

const AT = '2026-11-21T08:00:00Z';
const step = { name: 'a', index: 0, status: 'running', startedAt: AT, progress: 5 };

/** A document of each kind in which everything is known, and what reads it. */
const KINDS: Readonly<
  Record<string, { readonly document: unknown; readonly read: (document: never) => unknown }>
> = {
  'a dashboard state': {
    document: {
      timestamp: 1,
      activeTasks: [
        {
          taskId: 't',
          taskName: 'a',
          status: 'running',
          steps: [step],
          question: { text: 'Go on?', choices: ['y'], askedAt: 1 },
          answers: [{ question: 'a', text: 'b', by: 'c', at: 1 }],
          error: 'x',
          via: ['x'],
        },
      ],
      errors: { t: 'x' },
    },
    read: decodeDashboardState,
  },
  'a board': {
    document: {
      tasks: [
        {
          id: 'T1',
          title: 'a',
          status: 'todo',
          dependencies: ['T0'],
          sessionProgress: [{ sessionId: 's', status: 'needs_input', lastUpdated: AT, notes: 'Which?' }],
          answers: [{ sessionId: 's', text: 'a', by: 'b', at: AT }],
          taskSessionStatuses: { s: 'working' },
        },
      ],
    },
    read: (document) => decodeBoard(document),
  },
  'a task breakdown': {
    document: {
      generated_at: AT,
      total_tasks: 1,
      tasks: [
        { id: 'T1', description: 'a', status: 'pending', notes: [{ timestamp: AT, note: 'x' }], attempts: 1 },
      ],
    },
    read: (document) => decodeTaskBreakdown(document),
  },
  'a list of task-master': {
    document: {
      master: {
        tasks: [
          {
            id: 1,
            title: 'a',
            status: 'done',
            subtasks: [{ id: 1, title: 'b', status: 'done', dependencies: ['1.1'] }],
          },
          { id: '2', title: 'c', status: 'pending', dependencies: ['1.1', 1] },
        ],
      },
    },
    read: (document) => decodeTaskMaster(document, null),
  },
  'a feature list': {
    document: [{ category: 'a', description: 'b', steps: ['c'], passes: false }],
    read: (document) => readFeatureList(document, 'feature_list.json'),
  },
  beads: {
    document: [
      { id: 'bd-1', title: 'a', status: 'open', dependencies: [{ depends_on_id: 'bd-2', type: 'blocks' }] },
    ],
    read: (document) => decodeBeads([document].flat()),
  },
  pueue: {
    document: {
      tasks: {
        1: {
          id: 1,
          command: 'a',
          group: 'default',
          dependencies: [2],
          status: { Done: { start: AT, end: AT, result: 'Success' } },
        },
        2: { id: 2, command: 'a', group: 'default', status: { Stashed: { enqueue_at: AT } } },
        3: { id: 3, command: 'a', status: { Done: { result: { Failed: 2 } } } },
      },
      groups: { default: { status: 'Paused' } },
    },
    read: decodePueue,
  },
  'the runs of GitHub': {
    document: [
      {
        databaseId: 1,
        workflowDatabaseId: 2,
        workflowName: 'CI',
        number: 3,
        status: 'completed',
        conclusion: 'failure',
        createdAt: AT,
        startedAt: AT,
        updatedAt: AT,
        displayTitle: 'x',
        headBranch: 'y',
        url: 'https://x.example/1',
        attempt: 1,
        event: 'push',
      },
    ],
    read: (document) => decodeRuns(document),
  },
  'the jobs of a run': {
    document: {
      jobs: [
        {
          id: 1,
          name: 'a',
          status: 'completed',
          conclusion: 'success',
          started_at: AT,
          completed_at: AT,
          steps: [{ name: 'a', number: 1, status: 'completed', conclusion: 'success', started_at: AT }],
        },
      ],
    },
    read: decodeJobs,
  },
  squeue: {
    document: {
      meta: {},
      jobs: [
        {
          job_id: 1,
          name: 'a',
          job_state: ['RUNNING'],
          state_reason: 'None',
          user_name: 'me',
          user_id: 1,
          submit_time: { set: true, number: 1 },
          time_limit: { set: true, number: 5 },
          array_job_id: 0,
          dependency: 'afterok:2',
          exit_code: { return_code: { set: true, number: 0 } },
        },
      ],
    },
    read: (document) => decodeSqueue(document, { name: 'me', uid: 1 }, 0),
  },
  'units of systemd': {
    document: [{ unit: 'a.service', load: 'loaded', active: 'failed', sub: 'failed', description: 'x' }],
    read: decodeUnits,
  },
  'timers of systemd': {
    document: [{ next: 1, unit: 'a.timer', activates: 'a.service' }],
    read: decodeTimers,
  },
  'a session of Claude Code': {
    document: {
      pid: 1,
      sessionId: 's',
      cwd: '/x',
      startedAt: 1,
      procStart: '5',
      kind: 'bg',
      status: 'waiting',
      waitingFor: 'input needed',
      jobId: 'j',
      name: 'n',
      version: '1',
    },
    read: (document) => decodeSession(document, 1),
  },
  'a job of Claude Code': {
    document: {
      state: 'working',
      tempo: 'active',
      detail: 'x',
      needs: 'y',
      output: { result: 'z' },
      fan: [{ id: 'f', kind: 'agent', label: 'l', startedAt: 1, doneAt: 2 }],
      children: [{ id: 'c', href: 'https://x.example', kind: 'pr' }],
      name: 'n',
      createdAt: 1,
      updatedAt: 1,
    },
    read: (document) => decodeJob(document, 'j'),
  },
  'a task of Claude Code': {
    document: {
      id: '1',
      subject: 'a',
      description: 'b',
      activeForm: 'c',
      status: 'pending',
      blockedBy: ['2'],
      blocks: ['3'],
    },
    read: decodeListedTask,
  },
  'an activity of AG-UI': {
    document: {
      content: { tasks: [{ status: 'running', name: 'a' }] },
      tasks: [{ status: 'running', title: 'a' }],
    },
    read: activityText,
  },
  'a plan in a state of AG-UI': {
    document: { steps: [{ description: 'a', status: 'pending' }] },
    read: planSteps,
  },
};

/** Returns the document with each of its values, one after the other, replaced. */
function* replaced(document: unknown): Generator<unknown> {
  yield UNTEXTUAL;
  if (typeof document !== 'object' || document === null) return;
  for (const key of Object.keys(document)) {
    const value = (document as Record<string, unknown>)[key];
    for (const changed of replaced(value)) {
      yield Array.isArray(document)
        ? document.map((each, index) => (String(index) === key ? changed : each))
        : { ...document, [key]: changed };
    }
  }
}

describe('a value that is no text, and cannot become one', () => {
  it.each(Object.entries(KINDS))('is borne anywhere in %s', (_kind, { document, read }) => {
    expect(read(document as never)).not.toBeNull();
    for (const changed of replaced(document)) {
      expect(() => read(changed as never), JSON.stringify(changed)).not.toThrow();
      expect(() => detectFormat(changed, 'some.json')).not.toThrow();
    }
  });

  it('is borne in a patch: it does not fit', () => {
    const patches = [
      { op: 'test', path: '/a', value: 1 },
      { op: 'move', from: '/a', path: '/b' },
      { op: 'copy', from: '/a', path: '/b' },
      { op: 'add', path: '/a', value: 1 },
    ];
    for (const changed of patches.flatMap((operation) => [...replaced(operation)]))
      expect(() => applyPatch({ a: 2 }, [changed])).not.toThrow(TypeError);
  });
});
