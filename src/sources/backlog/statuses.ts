import { readStatusWord, squash } from '../../model/status-words.ts';
import type { TaskState, TaskStatus } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';
import { stateOfWord } from '../kit/state-of-word.ts';

/** The columns of a board if its settings name none. */
export const USUAL_STATUSES: readonly string[] = ['To Do', 'In Progress', 'Done'];

/**
 * Returns the meaning of a task's status on a board with these columns: the first is queued, the last is completed, and one in
 * between is what its word means, else running. null if the board has no such column and the word is unknown.
 */
function meaningOf(word: string, statuses: readonly string[]): TaskStatus | null {
  const place = statuses.findIndex((status) => squash(status) === squash(word));
  if (place === 0) return 'queued';
  if (place > 0 && place === statuses.length - 1) return 'completed';
  const meaning = readStatusWord(word);
  if (meaning !== null) return meaning === 'skipped' ? 'cancelled' : meaning;
  return place > 0 ? 'running' : null;
}

/** Returns the state that a status word means, and whether the word is unknown. `changedAt` is when it was last changed. */
export function stateOf(
  word: PlainText,
  statuses: readonly string[],
  changedAt: number | null,
): { readonly state: TaskState; readonly isUnknown: boolean } {
  const status = meaningOf(word, statuses);
  // A word other than the usual one is more informative.
  const state: TaskState =
    status === 'running' && squash(word) !== 'inprogress'
      ? { status, reason: word }
      : stateOfWord(status, word, changedAt);
  return { state, isUnknown: status === null };
}
