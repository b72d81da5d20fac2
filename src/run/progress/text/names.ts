/** Quoted text in a line is a name or a message. An apostrophe inside a word does not begin a quotation. */
const QUOTED =
  /(?<![^\s([])(?:(['"`])(?=\S)[^'"`]{1,200}\1|«[^»]{1,200}»|[“„][^“”]{1,200}[“”])(?![^\s.,;:)\]…])/gu;
/** Text after the sign in `[2/9] a.spec.ts:3 › suite › name` is a name, too. */
const BREADCRUMB = /(?<=\S\s+)›\s.*$/u;
/** An item in a list of names, such as `1) name`. */
const NUMBERED_ITEM = /^\s*\d+\)\s/u;
/** If the line is drawn again, its sign may be a spinner's. */
const ITEM = /^\s*[-–•*·‣]\s+(?=\p{L})/u;
/** A sign that something is over, with its name: figures in the name are not progress, but those right after the sign may be, */
const OVER = /^\s*[✓✔☑✅✗✘✖✕❌×√]\s+(?![[(]?\s*\d)/u;
/** unless the line is that of a test in a suite, or ends with a duration; */
const TEST_OVER = /^\s{2,}[✓✔✗✘✖✕×√]\s+\d[\d.,]*\s?%|^\s*[✓✔✗✘✖✕×√]\s.*\(\d+\s?m?s\)\s*$/u;
/** and so may a count in brackets at the end. */
const COUNT_AT_END = /[[(]\s*\d+\s*\/\s*\d+\s*[\])]\s*$/u;
/** The message of an error, as in `AssertionError: 57% …`. */
const MESSAGE = /^\s*(?:[\w.]*(?:Error|Exception|Warning|Failure)|error|fatal|warning)(?:\[\w+\])?: /u;

/** Blanks out quoted text, and what follows the sign of a breadcrumb: a figure in a name is not progress. */
export function withoutNames(text: string): string {
  if (!/['"`«“„›]/u.test(text)) return text;
  const blank = (name: string) => ' '.repeat(name.length);
  return text.replace(QUOTED, blank).replace(BREADCRUMB, blank);
}

/** Tells whether a whole line is a name or a message. */
export function isName(text: string, isRedrawn: boolean): boolean {
  if (OVER.test(text)) return !COUNT_AT_END.test(text);
  if (TEST_OVER.test(text) || NUMBERED_ITEM.test(text)) return true;
  return !isRedrawn && (ITEM.test(text) || MESSAGE.test(text));
}
