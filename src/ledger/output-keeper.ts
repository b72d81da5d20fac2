/** How much of the beginning and of the end of a command's output is kept, bytes. */
const HEAD_BYTES = 8 * 1024;
const TAIL_BYTES = 48 * 1024;

/** Keeps the beginning and the end of any amount of output, in at most twice as much memory. */
export function createOutputKeeper() {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let bytes = 0;

  return {
    take(piece: Buffer): void {
      bytes += piece.length;
      const room = HEAD_BYTES - head.length;
      if (room > 0) head = Buffer.concat([head, piece.subarray(0, room)]);
      const rest = piece.subarray(Math.max(0, room));
      if (rest.length > 0) tail = Buffer.concat([tail, rest.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    },
    /** Returns what was kept, with a line in place of what was left out. */
    text(): string {
      const leftOut = bytes - head.length - tail.length;
      const gap = leftOut > 0 ? `\n[${leftOut} bytes left out]\n` : '';
      return `${head}${gap}${tail}`;
    },
  };
}
