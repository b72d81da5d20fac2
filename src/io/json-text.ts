import { parseExactly, zeroNaN } from '../model/json.ts';

/** A JSON value, or why a text is not JSON, which is determined only when asked for, because that takes a while. */
export type JsonReading = { readonly value: unknown } | { readonly explain: () => JsonFault };

/** What is wrong with JSON, and where. `line` and `column` count from 1; `at` is null if the text is too long to search. */
export interface JsonFault {
  readonly what: string;
  readonly at: { readonly line: number; readonly column: number } | null;
}

/** In texts longer than this, in characters, a fault is not searched for if V8 does not tell its place. */
const SEARCH_LIMIT = 4 * 1024 * 1024;

/** Reads the JSON in a text as `parseExactly` does. */
export function parseJson(text: string): JsonReading {
  try {
    return { value: parseExactly(text) };
  } catch (error) {
    return { explain: () => explainFault(text, error as Error) };
  }
}

/** Reads the last of several lines of JSON; the one before if the last is malformed and has no line end yet. */
export function parseLastLine(text: string): JsonReading {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const last = parseJson(lines.at(-1) ?? '');
  if ('value' in last) return last;
  const before = text.endsWith('\n') ? null : parseJson(lines.at(-2) ?? '');
  return before && 'value' in before ? before : last;
}

function explainFault(original: string, fault: Error): JsonFault {
  const text = zeroNaN(original);
  const { message } = text === original ? fault : (faultOf(text) ?? fault);
  const offset = offsetOf(message, text);
  return { what: whatBroke(message, text, offset), at: lineAndColumn(text, offset) };
}

function faultOf(text: string): Error | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error as Error;
  }
}

function whatBroke(message: string, text: string, offset: number | null): string {
  if (text.trim() === '') return 'it is empty';
  if (offset === text.length || message.startsWith('Unterminated string')) return 'it ends too early';
  const words = message.replace(/, (\.\.\.)?".*$/su, '').replace(/ (in|after) JSON.*$/su, '');
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/**
 * Returns the offset of a fault in JSON. Most of V8's messages contain it. For the others, it is the end of the shortest prefix
 * that is malformed.
 */
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
  const message = faultOf(prefix)?.message;
  return (
    !message || message.startsWith('Unexpected end') || message.includes(`at position ${prefix.length} `)
  );
}

function lineAndColumn(text: string, offset: number | null): JsonFault['at'] {
  if (offset === null) return null;
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
