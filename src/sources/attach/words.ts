import type { StepStatus, TaskState } from '../../model/task.ts';
import { type PlainText, plainNameOrNull } from '../../model/text.ts';

/** Returns the state in a task's line. A word of a later version reads as queued. */
export function stateOf(line: {
  readonly status?: unknown;
  readonly reason: PlainText | null;
  readonly error: PlainText | null;
  readonly result: PlainText | null;
  readonly endedAt: number | null;
}): TaskState {
  const { status, reason, error, result, endedAt } = line;
  switch (status) {
    case 'queued':
    case 'running':
    case 'waiting':
    case 'needs-input':
      return { status, reason };
    case 'completed':
      return { status, endedAt, result };
    case 'failed':
      return { status, endedAt, error };
    case 'cancelled':
      return { status, endedAt, reason };
    default:
      return { status: 'queued', reason: plainNameOrNull(status) };
  }
}

/** Returns a step's status; a word of a later version reads as pending. */
export function stepStatusOf(word: unknown): StepStatus {
  switch (word) {
    case 'running':
    case 'completed':
    case 'failed':
    case 'skipped':
      return word;
    default:
      return 'pending';
  }
}
