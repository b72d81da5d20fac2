import { withoutEscapes } from './escapes.ts';

/**
 * Text that is safe to write to a terminal: no control characters (except line breaks from `plainText`), no escape sequences,
 * no bidirectional or other invisible format characters, no lone surrogates, nothing without a glyph. Only this file makes it.
 */
export type PlainText = PartsOfPlainText & string & { readonly __plain: unique symbol };

/** The string methods that only cut or pad plain text, or change its letters, return plain text. */
interface PartsOfPlainText {
  padEnd(width: number, filler?: ' ' | '0'): PlainText;
  padStart(width: number, filler?: ' ' | '0'): PlainText;
  normalize(form?: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): PlainText;
  repeat(count: number): PlainText;
  replace<T extends string>(pattern: RegExp, by: Plain<T>): PlainText;
  slice(start?: number, end?: number): PlainText;
  split(separator: string | RegExp, limit?: number): PlainText[];
  toLowerCase(): PlainText;
  toUpperCase(): PlainText;
  toWellFormed(): PlainText;
  trim(): PlainText;
  trimEnd(): PlainText;
  trimStart(): PlainText;
}

/**
 * The type of an argument that must be plain: plain text, a number, or a union of string literals such as
 * `'job' | 'jobs'`. A `string`, a template of strings and `any` are rejected, because they could hold text from outside.
 */
export type Plain<T> = T & Safe<T>;

type Safe<T> = 0 extends 1 & T
  ? never
  : T extends PlainText | number
    ? T
    : T extends string
      ? Record<never, 1> extends Record<T, 1>
        ? PlainText
        : T
      : never;

/** The longest name and the longest text, in UTF-8 bytes. */
export const NAME_LIMIT_BYTES = 4 * 1024;
export const TEXT_LIMIT_BYTES = 64 * 1024;

const CUT_MARK = '…';
const REPLACEMENT = '\ufffd';
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/u;
const LINE_BREAK = /\r\n?|[\u0085\u2028\u2029\v\f]/gu;

/** Returns one line: runs of white space become one blank, unsafe characters are removed; cut to 4 KiB with a mark. */
export function plainName(raw: string): PlainText {
  return cut(clean(bounded(raw, NAME_LIMIT_BYTES)).replace(/\s+/gu, ' ').trim(), NAME_LIMIT_BYTES);
}

/** Returns several lines: line breaks and blanks stay, tabs become blanks; cut to 64 KiB with a mark. */
export function plainText(raw: string): PlainText {
  return cut(clean(bounded(raw, TEXT_LIMIT_BYTES)).trimEnd(), TEXT_LIMIT_BYTES);
}

/** Returns one line as it was printed: blanks stay, tabs become blanks; cut to 64 KiB with a mark. */
export function plainLine(raw: string): PlainText {
  return cut(clean(bounded(raw, TEXT_LIMIT_BYTES)).replaceAll('\n', ' '), TEXT_LIMIT_BYTES);
}

/** Does what `plainName` does for a value of any type. Returns null if it is not a string or number, or nothing is left. */
export function plainNameOrNull(raw: unknown): PlainText | null {
  return emptyToNull(isTextual(raw) ? plainName(String(raw)) : null);
}

/** Does what `plainNameOrNull` does, but does not take a number for a name: where only text is expected, it is a mistake. */
export function nameIn(raw: unknown): PlainText | null {
  return typeof raw === 'string' ? plainNameOrNull(raw) : null;
}

/** Does what `plainText` does for a value of any type. Returns null if it is not a string or number, or nothing is left. */
export function plainTextOrNull(raw: unknown): PlainText | null {
  return emptyToNull(isTextual(raw) ? plainText(String(raw)) : null);
}

/**
 * Makes plain text from the program's own words: words`cannot read ${plainName(path)}`. Whatever is inserted must already
 * be plain.
 */
export function words<T extends readonly (string | number)[]>(
  own: TemplateStringsArray,
  ...holes: { [K in keyof T]: Plain<T[K]> }
): PlainText {
  let text = own[0] ?? '';
  // Each row of the list calls this many times, and an iterator would take three times as long.
  for (let index = 0; index < holes.length; index += 1) text += `${holes[index]}${own[index + 1]}`;
  return text as PlainText;
}

/** Joins texts, as `Array.join` does. */
export function joined<T extends string, S extends string>(
  texts: readonly Plain<T>[],
  separator: Plain<S>,
): PlainText {
  return texts.join(separator) as PlainText;
}

function isTextual(raw: unknown): raw is string | number {
  return typeof raw === 'string' || (typeof raw === 'number' && Number.isFinite(raw));
}

function emptyToNull(text: PlainText | null): PlainText | null {
  return text === null || text.trim() === '' ? null : text;
}

function clean(raw: string): string {
  if (PRINTABLE_ASCII.test(raw)) return raw; // by far the most common case
  const text = withoutEscapes(raw.toWellFormed()).replace(LINE_BREAK, '\n').replaceAll('\t', '  ');
  return withoutUnsafe(text);
}

/** The patterns are not constants: compiling them would add a millisecond to every start, and little text needs them. */
function withoutUnsafe(text: string): string {
  return (
    text
      // Whatever moves the cursor, reorders text or is invisible: controls, formats, separators, fillers, and all variation
      // selectors but those for emoji and text. The joiners stay: Persian and Indic scripts need them, and so do emoji of
      // families.
      .replace(
        /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\u200c\u200d\ufe0e\ufe0f]]/gv,
        '',
      )
      // Private use, and code points that will never be characters: no font need have a glyph for them.
      .replace(/[\p{Co}\p{Noncharacter_Code_Point}]/gv, REPLACEMENT)
      // More combining marks on one character than any script uses: terminals keep only a few in a cell, and draw the rest
      // anywhere.
      .replace(/([\p{M}\u200c\u200d]{5})[\p{M}\u200c\u200d]+/gu, '$1')
  );
}

/** Cuts very long text early, so that megabytes need not be cleaned. */
function bounded(raw: string, limitBytes: number): string {
  return raw.length > limitBytes * 4 ? raw.slice(0, limitBytes * 4) : raw;
}

function cut(text: string, limitBytes: number): PlainText {
  if (text.length * 3 <= limitBytes || Buffer.byteLength(text) <= limitBytes) return text as PlainText;
  const bytes = Buffer.from(text).subarray(0, limitBytes - Buffer.byteLength(CUT_MARK));
  const whole = bytes.toString().replace(/\ufffd+$/u, '');
  return `${whole}${CUT_MARK}` as PlainText;
}
