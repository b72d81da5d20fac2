/** The control characters that are significant in a terminal's input, as code points. */
export const ESC = 0x1b;
export const BEL = 0x07;
export const CAN = 0x18;
export const SUB = 0x1a;
export const CTRL_C = 0x03;
export const BACKSLASH = 0x5c;
/** ST as a single character; the other form is ESC and a backslash. */
export const ST = 0x9c;
const CSI = 0x9b;
const SS3 = 0x8f;
/** What follows ESC for DCS, SOS, OSC, PM and APC; as a single character, each is that plus `C1_OFFSET`. */
const STRINGS_AFTER_ESC = new Set([...'PX]^_'].map((sign) => sign.charCodeAt(0)));
const C1_OFFSET = 0x40;

/** Returns what a character introduces on its own; null if nothing. */
export function introducedBy(code: number): 'escape' | 'csi' | 'ss3' | 'string' | null {
  if (code === ESC) return 'escape';
  if (code === CSI) return 'csi';
  if (code === SS3) return 'ss3';
  return STRINGS_AFTER_ESC.has(code - C1_OFFSET) ? 'string' : null;
}

/** Returns the character that follows ESC for a string, whichever way it was introduced. */
export function signOfString(code: number): string {
  return String.fromCodePoint(isC1(code) ? code - C1_OFFSET : code);
}

/** Returns what a character introduces right after ESC; null if nothing. */
export function introducedAfterEscape(code: number): 'csi' | 'ss3' | 'string' | null {
  const sign = String.fromCodePoint(code);
  if (sign === '[') return 'csi';
  if (sign === 'O') return 'ss3';
  return STRINGS_AFTER_ESC.has(code) ? 'string' : null;
}

/** Tells whether a character stands for a key that types nothing printable, such as Enter or Backspace. */
export function isControl(code: number): boolean {
  return code < 0x20 || code === 0x7f;
}

export function isC1(code: number): boolean {
  return code >= 0x80 && code < 0xa0;
}

/** Tells whether a character may come between an introducer and the final character. */
export function isParameter(code: number): boolean {
  return code >= 0x20 && code < 0x40;
}

export function isIntermediate(code: number): boolean {
  return code >= 0x20 && code < 0x30;
}

export function isFinal(code: number): boolean {
  return code >= 0x40 && code < 0x7f;
}
