import { joined, type PlainText, plainName, words } from './text.ts';

/** What no shell takes for anything but itself. */
const HARMLESS = /^[\p{L}\p{N}_./:@%+,-][\p{L}\p{N}_./:@%+,=-]*$/u;

/**
 * Returns any text from outside (a file's name, an id) as one word of a command that is to be pasted into a shell:
 * quoted if it must be, and never an option.
 */
export function shellWord(raw: string): PlainText {
  const plain = plainName(raw);
  const word = plain.startsWith('-') ? words`./${plain}` : plain;
  return HARMLESS.test(word) ? word : words`'${joined(word.split("'"), "'\\''")}'`;
}
