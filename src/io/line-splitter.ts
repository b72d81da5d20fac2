const NEWLINE = 0x0a;

/** Cuts bytes that arrive in pieces into lines. Holds no more than the beginning of one line. */
export interface LineSplitter {
  /**
   * Takes the next piece. Returns the lines that ended in it, without their ends; they may be part of it, so they are good
   * only as long as it is.
   */
  push(piece: Buffer): Buffer[];
}

/** Creates a splitter that leaves out each line of more than `limitBytes`, and at first what precedes a line's end. */
export function createLineSplitter(limitBytes: number, isInsideLine = false): LineSplitter {
  let parts: Buffer[] = [];
  let length = 0;
  let isSkipping = isInsideLine;

  function hold(part: Buffer): void {
    length += part.length;
    if (length > limitBytes) isSkipping = true;
    if (isSkipping) parts = [];
    // Copied: the piece may be part of a buffer that is used again.
    else if (part.length > 0) parts.push(Buffer.from(part));
  }

  /** Returns the line that ends with this part; null if it is too long. */
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
