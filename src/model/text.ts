import { withoutEscapes } from './escapes.ts';

/**
 * Text that is safe to write to a terminal: no control characters (but line breaks in `plainText`), no escape
 * sequences, no bidirectional overrides, no lone surrogates. Only this file makes it.
 */
export type PlainText = string & { readonly __plain: unique symbol };

/** How long a name and a text may be, in UTF-8 bytes. */
export const NAME_LIMIT_BYTES = 4 * 1024;
export const TEXT_LIMIT_BYTES = 64 * 1024;

const CUT_MARK = '…';
/** What moves the cursor, reorders or hides text: C0, C1, bidirectional controls, separators, soft hyphen, BOM. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/gu;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/u;
const LINE_BREAK = /\r\n?|[\u0085\u2028\u2029\v\f]/gu;

/** One line: white-space runs become one blank, unsafe characters go, at most 4 KiB (then cut with a mark). */
export function plainName(raw: string): PlainText {
  return cut(clean(bounded(raw, NAME_LIMIT_BYTES)).replace(/\s+/gu, ' ').trim(), NAME_LIMIT_BYTES);
}

/** Text of several lines: line breaks and blanks stay, tabs become blanks, at most 64 KiB (then cut with a mark). */
export function plainText(raw: string): PlainText {
  return cut(clean(bounded(raw, TEXT_LIMIT_BYTES)).trimEnd(), TEXT_LIMIT_BYTES);
}

/** `plainName` for a value of any type: null unless it is a string (or a number) with something left to show. */
export function plainNameOrNull(raw: unknown): PlainText | null {
  return emptyToNull(isTextual(raw) ? plainName(String(raw)) : null);
}

/** `plainText` for a value of any type: null unless it is a string (or a number) with something left to show. */
export function plainTextOrNull(raw: unknown): PlainText | null {
  return emptyToNull(isTextual(raw) ? plainText(String(raw)) : null);
}

/** The program's own words. A template's holes must be plain already: pass outside text through `plainName`. */
export function ownWords(words: string): PlainText {
  return words as PlainText;
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
    .replace(UNSAFE, '');
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
