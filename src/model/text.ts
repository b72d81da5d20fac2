import { withoutEscapes } from './escapes.ts';

/**
 * Text that is safe to write to a terminal: no control characters (but line breaks in `plainText`), no escape sequences, no
 * bidirectional or other invisible formats, no lone surrogates, nothing that has no sign. Only this file makes it.
 */
export type PlainText = PartsOfPlainText & string & { readonly __plain: unique symbol };

/** What only cuts plain text, pads it, or changes its letters gives plain text. */
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
 * What is plain as it stands: plain text, a number, or a string that the types know letter by letter, such as
 * `'job' | 'jobs'`. A `string` is not, nor a template of strings, nor `any`: they could hold whatever came from outside.
 * A parameter `text: Plain<T>` takes such words, a literal without further ado.
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

/** How long a name and a text may be, in UTF-8 bytes. */
export const NAME_LIMIT_BYTES = 4 * 1024;
export const TEXT_LIMIT_BYTES = 64 * 1024;

const CUT_MARK = '…';
/**
 * What moves the cursor, reorders, or shows nothing by itself: controls, formats, separators, fillers, variation selectors
 * but those for emoji and text. The joiners stay: Persian and Indic scripts are written with them, and families.
 */
const UNSAFE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\u200c\u200d\ufe0e\ufe0f]]/gv;
/** What no font is bound to have a sign for: private use, and code points that are never to be characters. */
const UNDRAWABLE = /[\p{Co}\p{Noncharacter_Code_Point}]/gv;
/** More marks on one character than any script has; terminals keep so many in a cell, and draw the rest anywhere. */
const TOWER = /([\p{M}\u200c\u200d]{5})[\p{M}\u200c\u200d]+/gu;
const REPLACEMENT = '\ufffd';
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/u;
const LINE_BREAK = /\r\n?|[\u0085\u2028\u2029\v\f]/gu;

/** Returns one line: white-space runs become one blank, unsafe characters go, at most 4 KiB (then cut with a mark). */
export function plainName(raw: string): PlainText {
  return cut(clean(bounded(raw, NAME_LIMIT_BYTES)).replace(/\s+/gu, ' ').trim(), NAME_LIMIT_BYTES);
}

/**
 * Returns text of several lines: line breaks and blanks stay, tabs become blanks, at most 64 KiB (then cut with a
 * mark).
 */
export function plainText(raw: string): PlainText {
  return cut(clean(bounded(raw, TEXT_LIMIT_BYTES)).trimEnd(), TEXT_LIMIT_BYTES);
}

/** Returns one line as it was printed: blanks stay, tabs become blanks, at most 64 KiB (then cut with a mark). */
export function plainLine(raw: string): PlainText {
  return cut(clean(bounded(raw, TEXT_LIMIT_BYTES)).replaceAll('\n', ' '), TEXT_LIMIT_BYTES);
}

/**
 * Does what `plainName` does for a value of any type: null unless it is a string (or a number) with something left to
 * show.
 */
export function plainNameOrNull(raw: unknown): PlainText | null {
  return emptyToNull(isTextual(raw) ? plainName(String(raw)) : null);
}

/**
 * Does what `plainText` does for a value of any type: null unless it is a string (or a number) with something left to
 * show.
 */
export function plainTextOrNull(raw: unknown): PlainText | null {
  return emptyToNull(isTextual(raw) ? plainText(String(raw)) : null);
}

/** The program's own words: words`cannot read ${plainName(path)}`. What came from outside must be plain already. */
export function words<T extends readonly (string | number)[]>(
  own: TemplateStringsArray,
  ...holes: { [K in keyof T]: Plain<T[K]> }
): PlainText {
  let text = own[0] ?? '';
  // Rows are made of many of these: an iterator would take three times as long.
  for (let index = 0; index < holes.length; index += 1) text += `${holes[index]}${own[index + 1]}`;
  return text as PlainText;
}

/** Joins texts, with what stands between them: `, ` in a list, `\n` between lines. */
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
  if (PRINTABLE_ASCII.test(raw)) return raw; // most text by far
  return withoutEscapes(raw.toWellFormed())
    .replace(LINE_BREAK, '\n')
    .replaceAll('\t', '  ')
    .replace(UNSAFE, '')
    .replace(UNDRAWABLE, REPLACEMENT)
    .replace(TOWER, '$1');
}

/** Keeps the work on megabytes of text small: a cleaned character is never longer than four raw ones we keep. */
function bounded(raw: string, limitBytes: number): string {
  return raw.length > limitBytes * 4 ? raw.slice(0, limitBytes * 4) : raw;
}

function cut(text: string, limitBytes: number): PlainText {
  if (text.length * 3 <= limitBytes || Buffer.byteLength(text) <= limitBytes) return text as PlainText;
  const bytes = Buffer.from(text).subarray(0, limitBytes - Buffer.byteLength(CUT_MARK));
  const whole = bytes.toString().replace(/\ufffd+$/u, '');
  return `${whole}${CUT_MARK}` as PlainText;
}
