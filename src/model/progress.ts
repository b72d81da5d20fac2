import type { Step } from './task.ts';

/**
 * Reads a step's or task's figure from outside: clamped to 0–100, null unless it is a number (or a string of one:
 * `40%`).
 */
export function percentage(raw: unknown): number | null {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw.replace(/\s*%\s*$/u, '')) : raw;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.min(100, Math.max(0, value));
}

/**
 * Overall progress, 0–100 with one decimal, or null if nothing is known: the weighted mean over the steps, else the
 * source's own figure. A completed task is 100. One that failed or was cancelled keeps the source's own figure: its steps
 * tell only what was finished.
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
 * Returns how far one step is, 0–100: a pending or failed one counts nothing, whatever sub-progress it still carries.
 */
export function stepProgress(step: Pick<Step, 'status' | 'progress'>): number {
  if (step.status === 'completed' || step.status === 'skipped') return 100;
  return step.status === 'running' ? (percentage(step.progress) ?? 0) : 0;
}

/** Rounds down, so that nothing but a whole task reads 100. */
function oneDecimal(value: number): number {
  return Math.floor(value * 10 + 1e-9) / 10;
}
