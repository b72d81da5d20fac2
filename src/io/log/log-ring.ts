import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { makePrivateDirectory } from '../../storage/private-directory.ts';
import { headOf, type LogRecord } from './record.ts';
import { LOG_BYTES, type LogPlace, listSegments, SEGMENT_BYTES, type Segment, segmentAt } from './segment.ts';

/** Keeps the newest lines of a log on disk, in files that only their owner can read. */
export interface LogRing {
  /** Rejects if the current file was removed, so that nobody would ever read what is written to it. */
  check(): Promise<void>;
  /**
   * Writes records, in one write if they fit. Rejects with the system's error or a readable message; after that, nothing more
   * can be kept. Calls must not overlap.
   */
  append(records: readonly LogRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Creates a ring. It continues what an earlier process kept under the same name, and creates no file before it is needed. */
export function createLogRing(
  place: LogPlace,
  { bytes = LOG_BYTES, segmentBytes = SEGMENT_BYTES } = {},
): LogRing {
  let handle: FileHandle | null = null;
  let number = 0;
  let size = 0;
  let head = '';
  /** Reused for each write, because new buffers would pile up until they are collected. */
  let encoded = Buffer.alloc(0);

  async function begin(): Promise<void> {
    await handle?.close();
    handle = null;
    if (number === 0) await makePrivateDirectory(place.directory);
    const kept = await listSegments(place);
    await makeRoom(kept, bytes - segmentBytes);
    number = (kept.at(-1)?.number ?? 0) + 1;
    handle = await open(segmentAt(place, number).path, 'wx', 0o600);
    size = 0;
    head = '';
  }

  async function write(text: string): Promise<void> {
    if (text === '') return;
    const length = Buffer.byteLength(text);
    if (length > encoded.length) encoded = Buffer.allocUnsafeSlow(length);
    encoded.write(text);
    try {
      await handle?.writeFile(encoded.subarray(0, length));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') await giveWay(handle);
      throw error;
    }
  }

  return {
    async check() {
      const isGone = handle !== null && (await handle.stat()).nlink === 0;
      if (isGone) throw new Error(`${segmentAt(place, number).path} was removed`);
    },
    async append(records) {
      let text = '';
      for (const record of records.flatMap(inParts)) {
        const length = Buffer.byteLength(record.lines);
        if (!handle || (size > 0 && size + length > segmentBytes)) {
          await write(text);
          text = '';
          await begin();
        }
        const ownHead = headOf(record);
        const added = ownHead === head ? record.lines : `${ownHead}${record.lines}`;
        head = ownHead;
        text += added;
        size += length + ownHead.length;
      }
      await write(text);
    },
    async close() {
      await handle?.close();
      handle = null;
    },
  };
}

/** Frees some space on a full disk: other files, such as the one that says how the work ended, matter more than a log's end. */
async function giveWay(handle: FileHandle | null): Promise<void> {
  const { size } = (await handle?.stat()) ?? { size: 0 };
  await handle?.truncate(Math.max(0, size - GIVEN_BYTES)).catch(() => {});
}

const GIVEN_BYTES = 256 * 1024;
const LONGEST_PART = 256 * 1024;

/** Splits a long record, so that no file becomes too large. */
function inParts(record: LogRecord): LogRecord[] {
  if (record.lines.length <= LONGEST_PART) return [record];
  const cut = record.lines.lastIndexOf('\n', LONGEST_PART) + 1 || record.lines.indexOf('\n') + 1;
  const rest = { ...record, lines: record.lines.slice(cut) };
  return [{ ...record, lines: record.lines.slice(0, cut) }, ...(rest.lines === '' ? [] : inParts(rest))];
}

/** How many files are kept at most, because each start begins one. */
const MOST_SEGMENTS = 64;

/** Removes the oldest files until the rest is no larger than `bytes`. */
async function makeRoom(kept: readonly Segment[], bytes: number): Promise<void> {
  let room = bytes;
  for (const [age, { path }] of kept.toReversed().entries()) {
    room -= (await stat(path).catch(() => null))?.size ?? 0;
    if (room < 0 || age >= MOST_SEGMENTS) await rm(path, { force: true });
  }
}
