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

/** What was read of a file and when that file was last changed (epoch ms), or why nothing could be. */
export type FileReading = { readonly bytes: Buffer; readonly modifiedAt: number } | NoReading;

interface NoReading {
  readonly problem: Problem;
  readonly isMissing: boolean;
}

/** No `FileHandle`: with it come streams and a line editor, which takes a short command longer than to read its files. */
const openFile = promisify(open);
const readFile = promisify(read);

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads a whole file of at most 64 MiB, or `limitBytes`. Never hangs on a pipe or device, never throws. */
export function readWhole(path: string, limitBytes = FILE_LIMIT_BYTES): Promise<FileReading> {
  return reading(path, limitBytes, async (fd, { size }) => {
    if (size > limitBytes) return null;
    return readFrom(fd, 0, size);
  });
}

/**
 * Reads a file of at most `limitBytes` piece by piece, from its beginning on: `work` gets what fills a buffer as far as there
 * is more, and returns how much that was. Waits for the system, so it is for threads that have nothing else to do.
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

/** Reads the first bytes of a file, if it has at least `leastBytes`; else none. */
export function readHead(path: string, lengthBytes: number, leastBytes: number): Promise<FileReading> {
  return reading(path, FILE_LIMIT_BYTES, async (fd, { size }) => {
    if (size < leastBytes) return Buffer.alloc(0);
    const { buffer, bytesRead } = await readFile(fd, Buffer.allocUnsafe(lengthBytes), 0, lengthBytes, 0);
    return buffer.subarray(0, bytesRead);
  });
}

/** Reads the last two whole lines of a file of any size and what follows them, each line at most 64 MiB. */
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
 * Reads the whole lines among the last bytes of a file of any size, but at least `lengthBytes` of it. What stands before the
 * first line end is part of a line that began earlier, unless the file is that short.
 */
export function readLastLines(path: string, lengthBytes: number): Promise<FileReading> {
  return reading(path, FILE_LIMIT_BYTES, async (fd, { size }) => {
    const start = Math.max(0, size - lengthBytes);
    const bytes = await readFrom(fd, start, Math.min(size, lengthBytes));
    return start === 0 ? bytes : bytes.subarray(bytes.indexOf(NEWLINE) + 1 || bytes.length);
  });
}

/**
 * Returns where the second-last ended line begins; null if that is further back than `bytes`, which begin at `offset`.
 */
function startOfLastLines(bytes: Buffer, offset: number): number | null {
  const end = bytes.lastIndexOf(NEWLINE);
  const before = end > 0 ? bytes.lastIndexOf(NEWLINE, end - 1) : -1;
  const start = before > 0 ? bytes.lastIndexOf(NEWLINE, before - 1) : -1;
  if (start === -1) return null;
  // In UTF-16LE a line end has a zero behind it, at an odd place; in UTF-8 there is no zero.
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

/** Returns what `readOpened` makes of a file, with when that was last changed. null: it is too large. */
async function opened<T extends object>(
  path: string,
  limitBytes: number,
  readOpened: (fd: number, stats: Stats) => Promise<T | null>,
): Promise<(T & { readonly modifiedAt: number }) | NoReading> {
  try {
    // Looking before opening: to open a pipe would wake its writer, to open a device may do anything.
    const stats = await stat(path);
    if (!stats.isFile()) return { problem: notAFileProblem(path, kindOf(stats)), isMissing: false };
    const fd = await openFile(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    // Nobody has to wait for its end, and a file that was only read can be closed in any case.
    const found = await readOpened(fd, stats).finally(() => close(fd, () => {}));
    if (!found) return { problem: tooLargeProblem(path, limitBytes), isMissing: false };
    return { ...found, modifiedAt: Math.round(stats.mtimeMs) };
  } catch (error) {
    const found = systemProblem(error, path);
    return { problem: found, isMissing: found.kind === 'missing' };
  }
}

/**
 * Reads to the end, which may have moved since the size was asked; bounded all the same. The last read of a file that is as
 * long as it was shows its end, too, as it asks for a byte more.
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

/** Returns what a path leads to that is not a file, with its article. */
export function kindOf(stats: Stats): NoFile {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
