/** A program that reports more than this, in characters, will report it again. */
export const LONGEST_KEPT = 8 * 1024;
const ESC = 0x1b;
const KINDS = ['\u001b]', '\u001b[?', '\u001bc'] as const;
const LASTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\u001b(?:\[\?(?:1049|1047|47)[hl]|c|\](?:9;4|7501;)[^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\))/gu;

/**
 * Returns the sequences in unread output that have a lasting effect: whether a full-screen program has the terminal, and what
 * the program itself has reported.
 */
export function sequencesThatLast(bytes: Buffer): string {
  // Searching for one byte costs a tenth of searching for two.
  if (bytes.indexOf(ESC) === -1 || !KINDS.some((kind) => bytes.includes(kind, 0, 'latin1'))) return '';
  let found = '';
  for (const [sequence] of bytes.toString('latin1').matchAll(LASTING)) found += sequence;
  return Buffer.from(found.slice(-LONGEST_KEPT), 'latin1').toString();
}
