import { problem } from '../model/problem.ts';
import { percentage } from '../model/progress.ts';
import type { StepStatus } from '../model/task.ts';
import { joined, plainName, words } from '../model/text.ts';
import { LedgerError } from './ledger-error.ts';
import type { StepState } from './types.ts';

/** A report on a step; without a status, it is running. */
export interface StepChange {
  /** Counts from 0. */
  readonly index?: number;
  readonly name?: string;
  readonly status?: StepStatus;
  /** 0–100. */
  readonly progress?: number | null;
}

/**
 * Returns the steps with a change to one of them, and sets its times if it begins or ends. Throws a `LedgerError` if there is
 * no such step.
 */
export function changeStep(
  steps: readonly StepState[],
  { index, name, status = 'running', progress }: StepChange,
  now: number,
): StepState[] {
  const at = index ?? steps.findIndex((step) => step.name === name);
  const step = steps[at];
  if (!step) throw noSuchStep(steps, index ?? name ?? '');
  const isOver = status === 'completed' || status === 'failed' || status === 'skipped';
  const changed = {
    ...step,
    status,
    progress:
      isOver || status === 'pending' ? null : progress === undefined ? step.progress : percentage(progress),
    startedAt: status === 'pending' ? null : (step.startedAt ?? (status === 'skipped' ? null : now)),
    endedAt: isOver ? (step.status === status ? step.endedAt : now) : null,
  };
  return steps.with(at, changed);
}

function noSuchStep(steps: readonly StepState[], wanted: number | string): LedgerError {
  const names = steps.slice(0, 5).map(({ name }) => plainName(name));
  const shown = typeof wanted === 'number' ? words`number ${wanted}` : plainName(wanted);
  return new LedgerError(
    'definition',
    problem(
      'missing',
      'degraded',
      words`the task has no step ${shown}`,
      names.length > 0
        ? words`its steps: ${joined(names, ', ')}${steps.length > 5 ? ', …' : ''}`
        : words`it has no steps`,
    ),
  );
}
