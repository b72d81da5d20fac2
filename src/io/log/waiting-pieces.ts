import type { LogStream } from '../../model/log.ts';
import type { Piece } from './stream-folds.ts';

const CHUNK_BYTES = 64 * 1024;
/** Chunks that are kept for what comes next. */
const MOST_SPARE = 4;

/** A part of what waits, with the pieces in it that were not taken yet. */
interface Chunk {
  readonly buffer: Buffer;
  used: number;
  pieces: Piece[];
}

/** Output that waits to be folded, the oldest first. It is copied: the memory of what came is free at once. */
export interface WaitingPieces {
  readonly isEmpty: boolean;
  /** How much waits, about. */
  readonly bytes: number;
  push(piece: Piece): void;
  /**
   * Hands on the oldest pieces, about so many bytes; they are not to be kept. Returns how many bytes before them were left
   * out since the last time.
   */
  take(most: number, onLeftOut: (bytes: number) => void, use: (piece: Piece) => void): void;
}

/** Beyond `bound` bytes the oldest are left out, of which `onDropped` hears at once. */
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
        // What comes meanwhile goes to another chunk.
        for (const piece of release()) use(piece);
      }
    },
  };
}
