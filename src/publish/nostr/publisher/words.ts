import { currentStep, endedAtOf, stepNumber, type Task } from '../../../model/task.ts';
import type { JobState } from '../tracker/states.ts';

/** Returns the state of the job as which a task is published; needing input is published as waiting. */
export function jobStateOf({ state }: Task): JobState {
  switch (state.status) {
    case 'running':
      return 'processing';
    case 'needs-input':
      return 'waiting';
    default:
      return state.status;
  }
}

/** Returns the text beside the state: the reason, or the current step. */
export function messageOf(task: Task, reason: string | null): string {
  switch (task.state.status) {
    case 'needs-input':
      return reason === null ? 'needs input' : `needs input: ${reason}`;
    case 'running':
      return reason ?? stepText(task);
    default:
      return reason ?? '';
  }
}

function stepText(task: Task): string {
  const step = currentStep(task);
  const count = Math.max(task.totalSteps, task.steps.length);
  if (!step) return '';
  return count > 1 ? `${step.name} (${Math.min(count, stepNumber(task))}/${count})` : step.name;
}

/** A move to be published, and when it happened (epoch ms). */
export interface Move {
  readonly to: JobState;
  readonly atMs: number;
}

/** A beginning that is further back than this is reported with its own time, followed by the current state. */
const LONG_AGO_MS = 2_000;

/** Returns how a job gets from its state to the task's: through its beginning, if that has not been reported yet. */
export function movesTo(task: Task, from: JobState, nowMs: number): Move[] {
  const to = jobStateOf(task);
  if (from === to) return [];
  const endedAt = endedAtOf(task);
  const atMs = Math.min(endedAt ?? nowMs, nowMs);
  const startedAt = Math.min(task.startedAt ?? atMs, atMs);
  const beganEarlier = from === 'queued' && to !== 'queued' && startedAt < atMs - LONG_AGO_MS;
  const move: Move = { to, atMs };
  return beganEarlier ? [{ to: 'processing', atMs: startedAt }, move] : [move];
}
