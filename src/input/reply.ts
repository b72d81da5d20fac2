/**
 * How the strings begin that a terminal answers a question with: the sign that introduces them after ESC, and what
 * follows it, one part after the other. Titles (OSC 0 to 2) are told to terminals, never by them.
 */
const BEGINNINGS: Readonly<Record<string, readonly RegExp[]>> = {
  ']': [/^(?:\d|[1-9]\d{1,4})?$/u, /^(?:[3-9]|[1-9]\d{1,4});/u],
  P: [/^[\d;]*[>!$+]?$/u, /^[\d;]*[>!$+][ru|]/u],
  _: [/^(?:G[a-zA-Z]?)?$/u, /^G[a-zA-Z]=/u],
};
const LONGEST_BEGINNING = 16;

/** Tells how a string's beginning looks: like a reply, like what may still become one, or like neither. */
export function likenessToReply(introducer: string, beginning: string): 'reply' | 'perhaps' | 'none' {
  const [perhaps, surely] = BEGINNINGS[introducer] ?? [];
  if (surely?.test(beginning)) return 'reply';
  return perhaps?.test(beginning) ? 'perhaps' : 'none';
}

/** Returns the beginning with one more character, as far as it is of interest. */
export function lengthened(beginning: string, code: number): string {
  return beginning.length < LONGEST_BEGINNING ? beginning + String.fromCodePoint(code) : beginning;
}
