import { readStatusWord, squash } from '../../model/status-words.ts';
import type { StepStatus, TaskStatus } from '../../model/task.ts';
import { stepStatusOf } from '../kit/step-status.ts';

/** The program's own words. Nothing else is ever written into its file. */
const STATUSES = new Set([
  'pending',
  'in-progress',
  'done',
  'completed',
  'deferred',
  'cancelled',
  'blocked',
  'review',
]);

/** Tells whether the program knows this word in this spelling: it reads no other. */
export function isTaskMasterStatus(word: unknown): boolean {
  return typeof word === 'string' && STATUSES.has(word);
}

/** Reads a task's status, in other spellings too; null if the word is unknown. */
export function readTaskMasterStatus(word: string): TaskStatus | null {
  if (squash(word) === 'review') return 'needs-input';
  const meaning = readStatusWord(word);
  return meaning === 'skipped' ? 'cancelled' : meaning;
}

/** Reads a subtask's status as a step's: a cancelled one is skipped, and one in review is not over. */
export function readSubtaskStatus(word: unknown): StepStatus {
  const status = typeof word === 'string' ? readTaskMasterStatus(word) : null;
  return status === null ? 'pending' : stepStatusOf(status);
}
