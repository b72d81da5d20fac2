import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { closing } from '../storage/closing.ts';
import { createLineSplitter, type LineSplitter } from './line-splitter.ts';

/** What a reading of a file of lines has brought. */
export type NewLines =
  | { readonly kind: 'same' }
  /** Lines were appended to those that were read before. */
  | { readonly kind: 'more'; readonly lines: readonly string[]; readonly modifiedAt: number }
  | FirstLines;

/** A file is read for the first time, or is another one by now. */
export interface FirstLines {
  readonly kind: 'anew';
  readonly head: readonly string[];
  /** Its last lines. */
  readonly lines: readonly string[];
  /** Whether these are all there are. */
  readonly isWhole: boolean;
  readonly modifiedAt: number;
}

/** Reads a file of lines to which others append. */
export interface GrowingLines {
  /** Reads what is new since the last time. Rejects with the system's error. */
  read(): Promise<NewLines>;
}

const CHUNK_BYTES = 256 * 1024;
/** A line that is longer is left out, wherever it stands: nobody writes what we look for into such a line. */
const LONGEST_LINE_BYTES = 1024 * 1024;
const LONGEST_HEAD_BYTES = 1024 * 1024;
/** So much of the end is read, the next more only if what is looked for was not in the last. */
const END_BYTES = [256 * 1024, 2 * 1024 * 1024, 8 * 1024 * 1024];
const MOST_APPENDED_BYTES = 8 * 1024 * 1024;

/**
 * Reads a file of lines of any size: its first lines and its last ones, and from then on only what is appended, all of it
 * in bounded pieces. It must be appended to and nothing else; a shorter file, and another one in its place, is read anew.
 */
export function createGrowingLines(
  path: string,
  options: {
    /** Tells of a line's bytes whether the line is worth reading. Any other one is passed over. */
    readonly isWanted: (line: Buffer) => boolean;
    /** Tells whether enough of the beginning was read. */
    readonly isHead: (head: readonly string[]) => boolean;
    /** Tells whether enough of the end was read: these lines, among so many bytes. */
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
      // One byte earlier, so that a line that begins just there is whole.
      splitter = createLineSplitter(LONGEST_LINE_BYTES, start > 0);
      lines = await readFrom(handle, Math.max(0, start - 1), size);
      if (start === 0) return { lines, isWhole: true };
      if (options.isEnd(lines, bytes)) break;
    }
    return { lines, isWhole: false };
  }

  return {
    async read() {
      // Looking before opening: to open a pipe would wake its writer, to open a device may do anything.
      const now = await stat(path);
      if (!now.isFile() || (seen && isSame(seen, now))) return { kind: 'same' };
      const isMore = seen?.ino === now.ino && seen.dev === now.dev && now.size >= offset;
      await using handle = closing(await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
      const modifiedAt = Math.round(now.mtimeMs);
      // Should a reading fail half-way, the next one begins anew.
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

/** Hands on the bytes between two places in pieces, until `take` has enough. */
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
