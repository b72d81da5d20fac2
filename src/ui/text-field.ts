import type { KeyName } from '../input/event.ts';
import { type PlainText, plainName, words } from '../model/text.ts';

/** The maximum length of a filter or a search. */
const LONGEST_FILTER = 200;

/** Returns a typed text after a key; null if the key does not edit text. */
export function editedText(text: PlainText, key: KeyName, longest = LONGEST_FILTER): PlainText | null {
  if (key === 'ctrl-u') return words``;
  if (key === 'ctrl-w') return text.slice(0, text.length - (/\S+\s*$/u.exec(text)?.[0].length ?? 0));
  if (key === 'backspace') return text.slice(0, -([...text].at(-1)?.length ?? 1));
  return [...key].length === 1 ? withAdded(text, key === ' ' ? words` ` : plainName(key), longest) : null;
}

/** Appends as much of a text as fits into a field. */
export function withAdded(text: PlainText, added: PlainText, longest = LONGEST_FILTER): PlainText {
  return words`${text}${added}`.slice(0, longest).toWellFormed();
}
