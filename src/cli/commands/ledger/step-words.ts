import type { StepStatus } from '../../../model/task.ts';

/** What a step may be said to be. */
export const STEP_STATUSES = [
  'pending',
  'running',
  'completed',
  'failed',
  'skipped',
] as const satisfies readonly StepStatus[];
