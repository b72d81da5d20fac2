/** Stands for each byte that belongs to no character. */
export const MALFORMED = 0xfffd;

/** Decodes bytes, one at a time, into code points. */
export interface Utf8 {
  push(byte: number, take: (codePoint: number) => void): void;
}

/**
 * Creates a decoder. A byte in the 8-bit control range (0x80–0x9f) outside a character is that control, because some
 * terminals send 8-bit controls. Any other byte that belongs to no character becomes `MALFORMED`, one for each byte, because
 * mouse reports count them.
 */
export function createUtf8(): Utf8 {
  let bytes: number[] = [];
  let wanted = 0;

  function flushMalformed(take: (codePoint: number) => void): void {
    const count = bytes.length;
    bytes = [];
    for (let index = 0; index < count; index += 1) take(MALFORMED);
  }

  return {
    push(byte, take) {
      const isContinuation = byte >= 0x80 && byte < 0xc0;
      if (bytes.length > 0 && isContinuation) {
        bytes.push(byte);
        if (bytes.length < wanted) return;
        const codePoint = codePointOf(bytes);
        if (codePoint === MALFORMED) return flushMalformed(take);
        bytes = [];
        return take(codePoint);
      }
      flushMalformed(take);
      if (byte < 0x80) return take(byte);
      wanted = lengthOf(byte);
      if (wanted > 0) bytes = [byte];
      else take(byte < 0xa0 ? byte : MALFORMED);
    },
  };
}

/** Returns the number of bytes of a character that begins with this one; 0 if none does. */
function lengthOf(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Returns the code point of a complete character; `MALFORMED` for an overlong form or a surrogate. */
function codePointOf(bytes: readonly number[]): number {
  const [lead = 0, ...rest] = bytes;
  const codePoint = rest.reduce((code, byte) => (code << 6) | (byte & 0x3f), lead & (0x7f >> bytes.length));
  const smallest = [0, 0, 0x80, 0x800, 0x10000][bytes.length] ?? 0;
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint < smallest || codePoint > 0x10ffff || isSurrogate ? MALFORMED : codePoint;
}
