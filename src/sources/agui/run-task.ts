import type { Step, TaskState } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { planSteps } from './plan-steps.ts';
import { doingOf, type Run } from './run.ts';

/** Returns a run as a task. `name` is the agent's, for a run that does not tell what was asked; `state` is the agent's own. */
export function runTask(run: Run, name: PlainText, state: unknown): TaskDraft {
  const taken = run.steps.map(toStep);
  const steps = taken.length > 0 ? taken : planSteps(state);
  return {
    ...BARE_DRAFT,
    nativeId: run.id,
    name: run.asked ?? name,
    state: stateOf(run),
    steps,
    // Nothing says how many steps are to come. Until the run has ended, it is at least one: the run is not done before.
    totalSteps: run.end || taken.length === 0 ? steps.length : steps.length + 1,
    startedAt: run.startedAt,
    updatedAt: run.updatedAt,
    notes: run.notes,
    labels: run.threadId === null ? {} : { thread: run.threadId },
    raw: { runId: run.id, threadId: run.threadId, state: state ?? null },
  };
}

function stateOf(run: Run): TaskState {
  const { end } = run;
  switch (end?.how) {
    case undefined:
      return { status: 'running', reason: doingOf(run) };
    case 'completed':
      return { status: 'completed', endedAt: end.at, result: end.result };
    case 'failed':
      return { status: 'failed', endedAt: end.at, error: end.error };
    case 'cancelled':
      return { status: 'cancelled', endedAt: end.at, reason: null };
    case 'interrupted':
      return { status: 'needs-input', reason: end.question };
    default:
      return end satisfies never;
  }
}

function toStep({ name, status, startedAt, endedAt }: Run['steps'][number], index: number): Step {
  return { index, name, status, progress: null, weight: 1, startedAt, endedAt };
}
