import type { StatusMeaning } from '../../model/status-words.ts';
import type { StepStatus } from '../../model/task.ts';

const STEP_STATUSES: Readonly<Record<StatusMeaning, StepStatus>> = {
  queued: 'pending',
  running: 'running',
  waiting: 'pending',
  'needs-input': 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'skipped',
  skipped: 'skipped',
};

/** Returns what a task's status means for a step: a cancelled one is skipped, and one that needs input is not over. */
export function stepStatusOf(meaning: StatusMeaning): StepStatus {
  return STEP_STATUSES[meaning];
}
