import type { TaskState, TaskStatus } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';

/**
 * Returns the state of a task in a list, from the meaning of its status word. If the word is unknown (null), the task is
 * queued, with the word as its reason; a waiting task gets the word too. `endedAt` is when the word was last changed.
 */
export function stateOfWord(status: TaskStatus | null, word: PlainText, endedAt: number | null): TaskState {
  switch (status) {
    case 'completed':
      return { status, endedAt, result: null };
    case 'failed':
      return { status, endedAt, error: null };
    case 'cancelled':
      return { status, endedAt, reason: null };
    case 'waiting':
    case 'needs-input':
      return { status, reason: word };
    case 'running':
      return { status, reason: null };
    default:
      return { status: 'queued', reason: status === null ? word : null };
  }
}
