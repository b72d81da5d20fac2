import { currentStep, endedAtOf, stepNumber, type Task } from '../../../model/task.ts';
import type { JobState } from '../tracker/states.ts';

/** Returns the state of a job that a task is published as; needing input is a way of waiting. */
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

/** Returns what is said beside the state: why, or which step is being worked on. */
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

/** A beginning that lies further back than this is told with its own time, and what holds now after it. */
const LONG_AGO_MS = 2_000;

/** Returns how a job gets from its state to the task's: by its beginning, if that is yet to be told. */
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
