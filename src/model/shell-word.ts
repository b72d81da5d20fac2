import { joined, type PlainText, plainName, words } from './text.ts';

/**
 * Returns a text from outside (a file's name, an id) as one word of a command to be pasted into a shell: quoted if
 * necessary, and never an option.
 */
export function shellWord(raw: string): PlainText {
  const plain = plainName(raw);
  const word = plain.startsWith('-') ? words`./${plain}` : plain;
  return isHarmless(word) ? word : words`'${joined(word.split("'"), "'\\''")}'`;
}

/** Tells whether every shell takes a word literally. The pattern is not a constant: compiling it takes a millisecond. */
function isHarmless(word: string): boolean {
  return /^[\p{L}\p{N}_./:@%+,-][\p{L}\p{N}_./:@%+,=-]*$/u.test(word);
}
