import type { Step } from './task.ts';

/**
 * Reads the progress of a step or task from outside: clamped to 0–100; null unless it is a number, or a string of one
 * such as `40%`.
 */
export function percentage(raw: unknown): number | null {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw.replace(/\s*%\s*$/u, '')) : raw;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.min(100, Math.max(0, value));
}

/**
 * Returns the overall progress, 0–100 with one decimal, or null if nothing is known: the weighted mean over the steps,
 * otherwise the source's own figure. A completed task is at 100. One that failed or was cancelled keeps the source's own
 * figure, because its steps show only what was finished.
 */
export function overallProgress(task: {
  readonly state: { readonly status: string };
  readonly steps: readonly Pick<Step, 'status' | 'progress' | 'weight'>[];
  readonly totalSteps: number;
  readonly reportedProgress: number | null;
}): number | null {
  if (task.state.status === 'completed') return 100;
  const isBrokenOff = task.state.status === 'failed' || task.state.status === 'cancelled';
  if (task.steps.length === 0 || (isBrokenOff && task.reportedProgress !== null))
    return task.reportedProgress === null ? null : oneDecimal(task.reportedProgress);

  const missing = Math.max(0, task.totalSteps - task.steps.length);
  const weights = task.steps.reduce((sum, step) => sum + step.weight, missing);
  if (weights === 0) return 0;
  const done = task.steps.reduce((sum, step) => sum + step.weight * stepProgress(step), 0);
  return oneDecimal(done / weights);
}

/**
 * Returns the progress of one step, 0–100. A pending or failed step counts as 0, whatever progress it still carries.
 */
function stepProgress(step: Pick<Step, 'status' | 'progress'>): number {
  if (step.status === 'completed' || step.status === 'skipped') return 100;
  return step.status === 'running' ? (percentage(step.progress) ?? 0) : 0;
}

/** Rounds a percentage to one decimal. Only a finished task shows 100. */
export function oneDecimal(value: number): number {
  const isWhole = value > 100 - 1e-9; // a sum of many shares of a whole task may miss 100 by a hair
  return isWhole ? 100 : Math.min(99.9, Math.round(value * 10 + 1e-9) / 10);
}
