import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { closing } from '../storage/closing.ts';
import { createLineSplitter, type LineSplitter } from './line-splitter.ts';

/** The result of reading a file of lines. */
export type NewLines =
  | { readonly kind: 'same' }
  /** Lines were appended since the last reading. */
  | { readonly kind: 'more'; readonly lines: readonly string[]; readonly modifiedAt: number }
  | FirstLines;

/** The file was read for the first time, or is a different one. */
export interface FirstLines {
  readonly kind: 'anew';
  readonly head: readonly string[];
  /** Its last lines. */
  readonly lines: readonly string[];
  /** Whether `lines` are all there are. */
  readonly isWhole: boolean;
  readonly modifiedAt: number;
}

/** Reads a file of lines to which others append. */
export interface GrowingLines {
  /** Reads what is new since the last call. Rejects with the system's error. */
  read(): Promise<NewLines>;
}

const CHUNK_BYTES = 256 * 1024;
/** Longer lines are left out: none of them contains what we look for. */
const LONGEST_LINE_BYTES = 1024 * 1024;
const LONGEST_HEAD_BYTES = 1024 * 1024;
/** How much of the end to read: each larger amount only if the one before did not contain what is looked for. */
const END_BYTES = [256 * 1024, 2 * 1024 * 1024, 8 * 1024 * 1024];
const MOST_APPENDED_BYTES = 8 * 1024 * 1024;

/**
 * Creates a reader of a file of lines of any size. It reads the first and the last lines, and after that only what is appended,
 * in bounded pieces. Writers must only append; a file that is shorter, or another one, is read from the start.
 */
export function createGrowingLines(
  path: string,
  options: {
    /** Tells from a line's bytes whether it is needed; others are skipped. */
    readonly isWanted: (line: Buffer) => boolean;
    /** Tells whether these lines are enough of the beginning. */
    readonly isHead: (head: readonly string[]) => boolean;
    /** Tells whether these lines, from the last `bytes` bytes, are enough of the end. */
    readonly isEnd: (lines: readonly string[], bytes: number) => boolean;
  },
): GrowingLines {
  let seen: Stats | null = null;
  let offset = 0;
  let splitter: LineSplitter = createLineSplitter(LONGEST_LINE_BYTES);

  async function readFrom(handle: FileHandle, start: number, end: number): Promise<string[]> {
    offset = start;
    const lines: string[] = [];
    await eachPiece(handle, start, end, (piece) => {
      offset += piece.length;
      for (const line of splitter.push(piece)) if (options.isWanted(line)) lines.push(line.toString());
      return true;
    });
    return lines;
  }

  async function readHead(handle: FileHandle, size: number): Promise<string[]> {
    const head: string[] = [];
    const lines = createLineSplitter(LONGEST_LINE_BYTES);
    await eachPiece(handle, 0, Math.min(size, LONGEST_HEAD_BYTES), (piece) => {
      for (const line of lines.push(piece)) if (options.isWanted(line)) head.push(line.toString());
      return !options.isHead(head);
    });
    return head;
  }

  async function readEnd(handle: FileHandle, size: number): Promise<Pick<FirstLines, 'lines' | 'isWhole'>> {
    let lines: string[] = [];
    for (const bytes of END_BYTES) {
      const start = Math.max(0, size - bytes);
      // One byte earlier, so that a line that begins exactly at `start` is complete.
      splitter = createLineSplitter(LONGEST_LINE_BYTES, start > 0);
      lines = await readFrom(handle, Math.max(0, start - 1), size);
      if (start === 0) return { lines, isWhole: true };
      if (options.isEnd(lines, bytes)) break;
    }
    return { lines, isWhole: false };
  }

  return {
    async read() {
      // Checked before opening: opening a pipe would wake its writer, and opening a device may do anything.
      const now = await stat(path);
      if (!now.isFile() || (seen && isSame(seen, now))) return { kind: 'same' };
      const isMore = seen?.ino === now.ino && seen.dev === now.dev && now.size >= offset;
      await using handle = closing(await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
      const modifiedAt = Math.round(now.mtimeMs);
      // If this reading fails half-way, the next one starts from the beginning.
      seen = null;
      if (isMore && now.size - offset <= MOST_APPENDED_BYTES) {
        const lines = await readFrom(handle, offset, now.size);
        seen = now;
        return { kind: 'more', lines, modifiedAt };
      }
      const head = await readHead(handle, now.size);
      const end = await readEnd(handle, now.size);
      seen = now;
      return { kind: 'anew', head, ...end, modifiedAt };
    },
  };
}

function isSame(before: Stats, now: Stats): boolean {
  return (
    before.ino === now.ino &&
    before.dev === now.dev &&
    before.size === now.size &&
    before.mtimeMs === now.mtimeMs
  );
}

/** Passes the bytes between two offsets to `take`, in pieces, until it has enough. */
async function eachPiece(
  handle: FileHandle,
  start: number,
  end: number,
  take: (piece: Buffer) => boolean,
): Promise<void> {
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, end - start)));
  for (let at = start; at < end; ) {
    const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, end - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    if (!take(chunk.subarray(0, bytesRead))) return;
  }
}
