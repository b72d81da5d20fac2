/** The control characters that mean something in what a terminal sends, as code points. */
export const ESC = 0x1b;
export const BEL = 0x07;
export const CAN = 0x18;
export const SUB = 0x1a;
export const CTRL_C = 0x03;
export const BACKSLASH = 0x5c;
/** ST in one character; after ESC it is a backslash. */
export const ST = 0x9c;
const CSI = 0x9b;
const SS3 = 0x8f;
/** DCS, SOS, OSC, PM and APC in one character; and what follows ESC for them. */
const STRINGS = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f]);
const STRINGS_AFTER_ESC = new Set([...'PX]^_'].map((sign) => sign.charCodeAt(0)));

/** What a character introduces by itself; null if nothing. */
export function introducedBy(code: number): 'escape' | 'csi' | 'ss3' | 'string' | null {
  if (code === ESC) return 'escape';
  if (code === CSI) return 'csi';
  if (code === SS3) return 'ss3';
  return STRINGS.has(code) ? 'string' : null;
}

/** What a character introduces right after ESC; null if nothing. */
export function introducedAfterEscape(code: number): 'csi' | 'ss3' | 'string' | null {
  const sign = String.fromCodePoint(code);
  if (sign === '[') return 'csi';
  if (sign === 'O') return 'ss3';
  return STRINGS_AFTER_ESC.has(code) ? 'string' : null;
}

export function isC1(code: number): boolean {
  return code >= 0x80 && code < 0xa0;
}

/** The characters that may stand between an introducer and the final character. */
export function isParameter(code: number): boolean {
  return code >= 0x20 && code < 0x40;
}

export function isIntermediate(code: number): boolean {
  return code >= 0x20 && code < 0x30;
}

export function isFinal(code: number): boolean {
  return code >= 0x40 && code < 0x7f;
}
