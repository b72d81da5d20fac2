/** Reads the JSON value in a text from outside, as `parseExactly` does; undefined if it is not JSON. */
export function readJson(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** Returns a JSON object from outside, or null for anything else. */
export function jsonObject(raw: unknown): Readonly<Record<string, unknown>> | null {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    ? (raw as Record<string, unknown>)
    : null;
}

/** Returns the number that a JSON value is or spells, else NaN. (`Number` alone would throw for `{"toString": {}}`.) */
export function jsonNumber(raw: unknown): number {
  return typeof raw === 'object' ? Number.NaN : Number(raw);
}

/**
 * Parses JSON as other languages write it. A whole number beyond ±(2⁵³ − 1) becomes a string of its digits, because a
 * rounded id would name another task. The `NaN`, `Infinity` and `-Infinity` of Python and others become infinite numbers,
 * which `JSON.stringify` writes as null. A byte order mark is skipped. Throws what `JSON.parse` throws.
 */
export function parseExactly(marked: string): unknown {
  const text = marked.startsWith('\ufeff') ? marked.slice(1) : marked;
  const value: unknown = parseLenient(text);
  const mayBeLarge = LARGE_NUMBER.test(text) || BEGINS_LARGE.test(text);
  return mayBeLarge ? JSON.parse(outsideStrings(text, readable)) : value;
}

/** Matches wherever a large number may be. A match inside a string only costs time; kept simple, as every event is tested. */
const LARGE_NUMBER = /[:[,\s]-?\d{16}/;
const BEGINS_LARGE = /^-?\d{16}/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gu;
/** The spellings of Python, JavaScript, C and Lua. */
const NO_NUMBER = /-?\b(?:nan|inf|infinity)\b/giu;

function parseLenient(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const mended = /nan|inf/iu.test(text) ? outsideStrings(text, infinite) : text;
    if (mended === text) throw error;
    return JSON.parse(mended);
  }
}

function readable(piece: string): string {
  return infinite(piece).replace(NUMBER, quotedIfLarge);
}

function infinite(piece: string): string {
  return piece.replace(NO_NUMBER, (word) => (word.startsWith('-') ? '-1e999' : '1e999'));
}

/**
 * Replaces each `NaN` or `Infinity` in a text by a zero of the same length, so that `JSON.parse` reports the place of
 * any other error.
 */
export function zeroNaN(text: string): string {
  return outsideStrings(text, (piece) =>
    piece.replace(NO_NUMBER, (word) => (word.startsWith('-') ? '-0.' : '0.').padEnd(word.length, '0')),
  );
}

/** Quotes a whole number that is too large to be exact. `738529527931269425.0` is whole, too. */
function quotedIfLarge(number: string): string {
  const whole = /^(-?\d+)(?:\.0+)?$/u.exec(number)?.[1];
  return whole === undefined || Number.isSafeInteger(Number(whole)) ? number : `"${whole}"`;
}

/** Applies `change` to each piece of a JSON text between its strings. */
function outsideStrings(text: string, change: (piece: string) => string): string {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    const open = text.indexOf('"', from);
    const end = open === -1 ? text.length : open;
    pieces.push(change(text.slice(from, end)));
    from = open === -1 ? end : endOfString(text, open);
    pieces.push(text.slice(end, from));
  }
  return pieces.join('');
}

/** Returns the index after the JSON string that begins at `open`. */
export function endOfString(text: string, open: number): number {
  for (let at = open + 1; ; at += 1) {
    at = text.indexOf('"', at);
    if (at === -1) return text.length;
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
}
