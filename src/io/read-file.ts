import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Problem } from '../model/problem.ts';
import { closing } from '../storage/closing.ts';
import {
  FILE_LIMIT_BYTES,
  type NoFile,
  notAFileProblem,
  systemProblem,
  tooLargeProblem,
} from './file-problem.ts';

/** What was read of a file and when that file was last changed (epoch ms), or why nothing could be. */
export type FileReading =
  | { readonly bytes: Buffer; readonly modifiedAt: number }
  | { readonly problem: Problem; readonly isMissing: boolean };

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads a whole file of at most 64 MiB, or `limitBytes`. Never hangs on a pipe or device, never throws. */
export function readWhole(path: string, limitBytes = FILE_LIMIT_BYTES): Promise<FileReading> {
  return reading(path, limitBytes, async (handle, { size }) => {
    if (size > limitBytes) return null;
    return readFrom(handle, 0, size);
  });
}

/** Reads the last two whole lines of a file of any size and what follows them, each line at most 64 MiB. */
export function readTail(path: string): Promise<FileReading> {
  return reading(path, FILE_LIMIT_BYTES, async (handle, { size }) => {
    for (let length = CHUNK_BYTES; ; length *= 2) {
      const start = Math.max(0, size - length);
      const bytes = await readFrom(handle, start, size - start);
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
  return reading(path, FILE_LIMIT_BYTES, async (handle, { size }) => {
    const start = Math.max(0, size - lengthBytes);
    const bytes = await readFrom(handle, start, Math.min(size, lengthBytes));
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
  read: (handle: FileHandle, stats: Stats) => Promise<Buffer | null>,
): Promise<FileReading> {
  try {
    // Looking before opening: to open a pipe would wake its writer, to open a device may do anything.
    const stats = await stat(path);
    if (!stats.isFile()) return { problem: notAFileProblem(path, kindOf(stats)), isMissing: false };
    await using handle = closing(await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
    const bytes = await read(handle, stats);
    if (!bytes) return { problem: tooLargeProblem(path, limitBytes), isMissing: false };
    return { bytes, modifiedAt: Math.round(stats.mtimeMs) };
  } catch (error) {
    const found = systemProblem(error, path);
    return { problem: found, isMissing: found.kind === 'missing' };
  }
}

/** Reads to the end, which may have moved since the size was asked; bounded all the same. */
async function readFrom(handle: FileHandle, start: number, expected: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for (let wanted = expected + 1; length <= expected + FILE_LIMIT_BYTES; wanted = CHUNK_BYTES) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, start + length);
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
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
