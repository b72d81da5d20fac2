/** What text turned out to be: a JSON value, or why it is none, worked out only when asked (it takes a while). */
export type JsonReading = { readonly value: unknown } | { readonly explain: () => JsonFault };

/** Where JSON breaks: both count from 1; null where the text is too long to look for it. */
export interface JsonFault {
  readonly what: string;
  readonly at: { readonly line: number; readonly column: number } | null;
}

/** Beyond this many characters a fault whose place V8 does not tell is not searched for. */
const SEARCH_LIMIT = 4 * 1024 * 1024;

export function parseJson(text: string): JsonReading {
  try {
    return { value: JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) };
  } catch (error) {
    const { message } = error as Error;
    return {
      explain() {
        const offset = offsetOf(message, text);
        return { what: whatBroke(message, text, offset), at: lineAndColumn(text, offset) };
      },
    };
  }
}

function whatBroke(message: string, text: string, offset: number | null): string {
  if (text.trim() === '') return 'it is empty';
  if (offset === text.length || message.startsWith('Unterminated string')) return 'it ends too early';
  const words = message.replace(/, (\.\.\.)?".*$/su, '').replace(/ (in|after) JSON.*$/su, '');
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** V8 tells the place in most of its messages. In the others it is the end of the shortest prefix that is broken. */
function offsetOf(message: string, text: string): number | null {
  const told = /at position (\d+)/u.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  if (message.startsWith('Unexpected end')) return text.length;
  if (text.length > SEARCH_LIMIT) return null;
  let fine = 0;
  let broken = text.length;
  while (broken - fine > 1) {
    const middle = (fine + broken) >>> 1;
    if (canGoOn(text.slice(0, middle))) fine = middle;
    else broken = middle;
  }
  return fine;
}

function canGoOn(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return true;
  } catch (error) {
    const message = (error as Error).message;
    return message.startsWith('Unexpected end') || message.includes(`at position ${prefix.length} `);
  }
}

function lineAndColumn(text: string, offset: number | null): JsonFault['at'] {
  if (offset === null) return null;
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
