import { close, constants, open, read, readSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Problem } from '../model/problem.ts';
import {
  FILE_LIMIT_BYTES,
  type NoFile,
  notAFileProblem,
  systemProblem,
  tooLargeProblem,
} from './file-problem.ts';

/** The bytes of a file and when it was last changed (epoch ms), or why it could not be read. */
export type FileReading = { readonly bytes: Buffer; readonly modifiedAt: number } | NoReading;

interface NoReading {
  readonly problem: Problem;
  readonly isMissing: boolean;
}

/**
 * Not with `FileHandle`, which loads streams and a line editor: that takes a short command longer than reading its files.
 */
const openFile = promisify(open);
const readFile = promisify(read);

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads a whole file of at most 64 MiB, or `limitBytes`. Never waits for a pipe or device, and never rejects. */
export function readWhole(path: string, limitBytes = FILE_LIMIT_BYTES): Promise<FileReading> {
  return reading(path, limitBytes, async (fd, { size }) => {
    if (size > limitBytes) return null;
    return readFrom(fd, 0, size);
  });
}

/**
 * Reads a file of at most `limitBytes` piece by piece, from its beginning: `work` receives a function that fills a buffer as
 * far as possible, and returns how much that was. Blocks while the system reads, so it is for threads that have nothing else
 * to do.
 */
export async function readInPieces<T>(
  path: string,
  limitBytes: number,
  work: (read: (into: Uint8Array) => number) => T,
): Promise<{ readonly value: T; readonly modifiedAt: number } | NoReading> {
  return opened(path, limitBytes, async (fd, { size }) => {
    if (size > limitBytes) return null;
    let at = 0;
    const value = work((into) => {
      if (at > limitBytes) return 0; // it grows as fast as it is read
      const count = readSync(fd, into, 0, into.length, at);
      at += count;
      return count;
    });
    return { value };
  });
}

/** Reads the first bytes of a file, if it has at least `leastBytes`; otherwise none. */
export function readHead(path: string, lengthBytes: number, leastBytes: number): Promise<FileReading> {
  return reading(path, FILE_LIMIT_BYTES, async (fd, { size }) => {
    if (size < leastBytes) return Buffer.alloc(0);
    const { buffer, bytesRead } = await readFile(fd, Buffer.allocUnsafe(lengthBytes), 0, lengthBytes, 0);
    return buffer.subarray(0, bytesRead);
  });
}

/** Reads the last two complete lines of a file of any size and what follows them, each line at most 64 MiB. */
export function readTail(path: string): Promise<FileReading> {
  return reading(path, FILE_LIMIT_BYTES, async (fd, { size }) => {
    for (let length = CHUNK_BYTES; ; length *= 2) {
      const start = Math.max(0, size - length);
      const bytes = await readFrom(fd, start, size - start);
      if (start === 0) return bytes.length > FILE_LIMIT_BYTES ? null : bytes;
      const from = startOfLastLines(bytes, start);
      if (from !== null) return bytes.subarray(from);
      if (length > 2 * FILE_LIMIT_BYTES) return null;
    }
  });
}

/**
 * Reads the complete lines among the last bytes of a file of any size, at least `lengthBytes` of it. Whatever precedes the
 * first line end belongs to a line that began earlier, unless the file is that short.
 */
export function readLastLines(path: string, lengthBytes: number): Promise<FileReading> {
  return reading(path, FILE_LIMIT_BYTES, async (fd, { size }) => {
    const start = Math.max(0, size - lengthBytes);
    const bytes = await readFrom(fd, start, Math.min(size, lengthBytes));
    return start === 0 ? bytes : bytes.subarray(bytes.indexOf(NEWLINE) + 1 || bytes.length);
  });
}

/** Returns where the second-last completed line begins; null if that is before `bytes`, which begin at `offset`. */
function startOfLastLines(bytes: Buffer, offset: number): number | null {
  const end = bytes.lastIndexOf(NEWLINE);
  const before = end > 0 ? bytes.lastIndexOf(NEWLINE, end - 1) : -1;
  const start = before > 0 ? bytes.lastIndexOf(NEWLINE, before - 1) : -1;
  if (start === -1) return null;
  // In UTF-16LE, a line end is followed by a zero, at an odd position; in UTF-8 there are no zeros.
  const isHalf = bytes[start + 1] === 0 && (offset + start) % 2 === 0;
  return isHalf ? start + 2 : start + 1;
}

async function reading(
  path: string,
  limitBytes: number,
  readOpened: (fd: number, stats: Stats) => Promise<Buffer | null>,
): Promise<FileReading> {
  return opened(path, limitBytes, async (fd, stats) => {
    const bytes = await readOpened(fd, stats);
    return bytes && { bytes };
  });
}

/**
 * Returns the result of `readOpened` for a file, with the time at which it was last changed. If `readOpened` returns null,
 * the file is too large.
 */
async function opened<T extends object>(
  path: string,
  limitBytes: number,
  readOpened: (fd: number, stats: Stats) => Promise<T | null>,
): Promise<(T & { readonly modifiedAt: number }) | NoReading> {
  try {
    // Checked before opening: opening a pipe would wake its writer, and opening a device may do anything.
    const stats = await stat(path);
    if (!stats.isFile()) return { problem: notAFileProblem(path, kindOf(stats)), isMissing: false };
    const fd = await openFile(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    // Nobody has to wait for the file to be closed, and closing a file that was only read never matters.
    const found = await readOpened(fd, stats).finally(() => close(fd, () => {}));
    if (!found) return { problem: tooLargeProblem(path, limitBytes), isMissing: false };
    return { ...found, modifiedAt: Math.round(stats.mtimeMs) };
  } catch (error) {
    const found = systemProblem(error, path);
    return { problem: found, isMissing: found.kind === 'missing' };
  }
}

/**
 * Reads to the end, which may have moved since the size was asked; bounded nevertheless. Asks for one byte more than
 * expected, so that the last read of an unchanged file also reports its end.
 */
async function readFrom(fd: number, start: number, expected: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for (let wanted = expected + 1; length <= expected + FILE_LIMIT_BYTES; wanted = CHUNK_BYTES) {
    const { buffer, bytesRead } = await readFile(fd, Buffer.allocUnsafe(wanted), 0, wanted, start + length);
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
    if (length === expected && bytesRead < wanted) break;
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

/** Returns what kind of non-file a path leads to, with its article. */
export function kindOf(stats: Stats): NoFile {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
