import fc from 'fast-check';

/** Escape sequences, C0 and C1, characters that reorder or break a line, halves of characters: alone and among letters. */
const HOSTILE = [
  '\u001b[2J',
  '\u001b]52;c;cm0gLXJm\u0007',
  '\u001b]0;title\u001b\\',
  '\u001bP1$r\u001b\\',
  '\u009b31m',
  '\u009d0;title\u009c',
  '\u0000',
  '\b\b',
  '\r',
  '\n',
  '\u0085',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\ud800',
  '\u{e0041}',
];
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 4 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
/** What must not reach a terminal within a line. */
export const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/u;
