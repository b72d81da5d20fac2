import type { Note } from '../../model/task.ts';
import { type PlainText, words } from '../../model/text.ts';

/** Returns an answer as one of the task's notes: who answered what. */
export function answerNote(text: PlainText, by: PlainText | null, at: number | null): Note {
  return { at, text: words`${by ?? 'somebody'} answered: ${text}` };
}
