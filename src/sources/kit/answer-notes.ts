import { jsonObject } from '../../model/json.ts';
import type { ReadMoment } from '../../model/moment.ts';
import type { Note } from '../../model/task.ts';
import { plainNameOrNull, words } from '../../model/text.ts';

/** How many of a task's answers are shown and kept. */
export const ANSWERS_KEPT = 100;

/** Returns the answers in a task's document, the newest last; anything else is left out. */
export function answersIn(raw: unknown): Readonly<Record<string, unknown>>[] {
  const listed: unknown[] = Array.isArray(raw) ? raw.slice(-ANSWERS_KEPT) : [];
  return listed.map(jsonObject).filter((answer) => answer !== null);
}

/** Shared by the many tasks without answers. */
const NONE: readonly Note[] = [];

/** Returns the answers in a task's document as its notes: who answered what. */
export function answerNotes(raw: unknown, read: ReadMoment): readonly Note[] {
  if (!Array.isArray(raw)) return NONE;
  return answersIn(raw).flatMap(({ text, by, at }) => {
    const said = plainNameOrNull(text);
    if (said === null) return [];
    return [{ at: read(at), text: words`${plainNameOrNull(by) ?? 'somebody'} answered: ${said}` }];
  });
}
