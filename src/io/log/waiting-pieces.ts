import type { LogStream } from '../../model/log.ts';
import type { Piece } from './stream-folds.ts';

const CHUNK_BYTES = 64 * 1024;
/** How many chunks are kept for reuse. */
const MOST_SPARE = 4;

/** A part of the waiting output, with the pieces in it that were not taken yet. */
interface Chunk {
  readonly buffer: Buffer;
  used: number;
  pieces: Piece[];
}

/** Output that waits to be folded, the oldest first. It is copied, so that the caller's memory is free at once. */
export interface WaitingPieces {
  readonly isEmpty: boolean;
  /** About how much is waiting. */
  readonly bytes: number;
  push(piece: Piece): void;
  /**
   * Passes the oldest pieces, about `most` bytes, to `use`, which must not keep them. Before that, calls `onLeftOut` if bytes
   * were left out since the last call.
   */
  take(most: number, onLeftOut: (bytes: number) => void, use: (piece: Piece) => void): void;
}

/** Creates a queue of pieces. Beyond `bound` bytes, the oldest are left out, and `onDropped` is called at once. */
export function createWaitingPieces(bound: number, onDropped: (stream: LogStream) => void): WaitingPieces {
  const chunks: Chunk[] = [];
  const spare: Buffer[] = [];
  let leftOut = 0;

  function begin(): Chunk {
    const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const chunk = { buffer, used: 0, pieces: [] };
    chunks.push(chunk);
    return chunk;
  }

  function release(): Piece[] {
    const [oldest] = chunks.splice(0, 1);
    if (oldest && spare.length < MOST_SPARE) spare.push(oldest.buffer);
    return oldest?.pieces ?? [];
  }

  function drop(): void {
    for (const { bytes, stream } of release()) {
      leftOut += bytes.length;
      onDropped(stream);
    }
  }

  return {
    get isEmpty() {
      return chunks.length === 0 && leftOut === 0;
    },
    get bytes() {
      return chunks.length * CHUNK_BYTES;
    },
    push({ bytes, stream, at }) {
      for (let from = 0; from < bytes.length; ) {
        const last = chunks.at(-1);
        const chunk = last && last.used < CHUNK_BYTES ? last : begin();
        const length = Math.min(bytes.length - from, CHUNK_BYTES - chunk.used);
        const copy = chunk.buffer.subarray(chunk.used, chunk.used + length);
        copy.set(bytes.subarray(from, from + length));
        chunk.used += length;
        chunk.pieces.push({ bytes: copy, stream, at });
        from += length;
        if (chunks.length * CHUNK_BYTES > bound && chunks.length > 1) drop();
      }
    },
    take(most, onLeftOut, use) {
      if (leftOut > 0) onLeftOut(leftOut);
      leftOut = 0;
      for (let taken = 0; taken < most && chunks.length > 0; taken += CHUNK_BYTES) {
        // Pieces that arrive meanwhile go into another chunk.
        for (const piece of release()) use(piece);
      }
    },
  };
}
