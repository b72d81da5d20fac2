const NEWLINE = 0x0a;

/** Splits bytes that arrive in pieces into lines. Holds only the beginning of an incomplete line. */
export interface LineSplitter {
  /**
   * Takes the next piece. Returns the lines that end in it, without their line ends. They may share the piece's memory, and are
   * valid only as long as that is.
   */
  push(piece: Buffer): Buffer[];
}

/** Creates a splitter that skips lines longer than `limitBytes`, and, if `isInsideLine`, the rest of the first line. */
export function createLineSplitter(limitBytes: number, isInsideLine = false): LineSplitter {
  let parts: Buffer[] = [];
  let length = 0;
  let isSkipping = isInsideLine;

  function hold(part: Buffer): void {
    length += part.length;
    if (length > limitBytes) isSkipping = true;
    if (isSkipping) parts = [];
    // Copied, because the piece's buffer may be reused.
    else if (part.length > 0) parts.push(Buffer.from(part));
  }

  /** Returns the line that ends with a part; null if it is skipped. */
  function ended(part: Buffer): Buffer | null {
    const isTooLong = isSkipping || length + part.length > limitBytes;
    const line = isTooLong ? null : parts.length === 0 ? part : Buffer.concat([...parts, part]);
    parts = [];
    length = 0;
    isSkipping = false;
    return line;
  }

  return {
    push(piece) {
      const lines: Buffer[] = [];
      let from = 0;
      for (;;) {
        const end = piece.indexOf(NEWLINE, from);
        if (end === -1) break;
        const line = ended(piece.subarray(from, end));
        if (line) lines.push(line);
        from = end + 1;
      }
      hold(piece.subarray(from));
      return lines;
    },
  };
}
