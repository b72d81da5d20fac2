import { readStatusWord, squash } from '../../model/status-words.ts';
import type { TaskState, TaskStatus } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';

/** The program's own words. A pinned issue stays open for good; a hooked one is on an agent's hook. */
const MEANINGS: Readonly<Record<string, TaskStatus>> = {
  open: 'queued',
  in_progress: 'running',
  hooked: 'running',
  blocked: 'waiting',
  deferred: 'waiting',
  pinned: 'queued',
  closed: 'completed',
};

/** The word for a deleted issue. */
export const TOMBSTONE = 'tombstone';

/** Reads an issue's status; null if it is one of a project's own words, which only its settings explain. */
export function readBeadStatus(word: string): TaskStatus | null {
  const own = MEANINGS[word];
  if (own !== undefined) return own;
  const meaning = readStatusWord(word);
  return squash(word) === 'closed' ? 'completed' : meaning === 'skipped' ? 'cancelled' : meaning;
}

export function beadState(
  word: PlainText,
  { endedAt, result, until }: { endedAt: number | null; result: PlainText | null; until: PlainText | null },
): TaskState {
  const status = readBeadStatus(word);
  switch (status) {
    case 'completed':
      return { status, endedAt, result };
    case 'failed':
      return { status, endedAt, error: result };
    case 'cancelled':
      return { status, endedAt, reason: result };
    case 'waiting':
      return { status, reason: until ?? word };
    case 'running':
    case 'needs-input':
      return { status, reason: null };
    default:
      return { status: 'queued', reason: word === 'open' ? null : word };
  }
}
