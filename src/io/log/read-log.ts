import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import type { LogLine, LogRequest } from '../../model/log.ts';
import { watchDirectory } from '../watch-directory.ts';
import { createRecordReader } from './record.ts';
import { type LogPlace, listSegments, type Segment } from './segment.ts';

const CHUNK_BYTES = 256 * 1024;
/** A line longer than this was not written by us, and is dropped. */
const LONGEST_HELD = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Tells whether there is a log. */
export async function hasLog(place: LogPlace): Promise<boolean> {
  return (await listSegments(place).catch(() => [])).length > 0;
}

/**
 * Reads a log in batches of lines, the oldest first, and follows it if requested: from file to file, and even if there is no log
 * yet. Does not read an incomplete line.
 */
export async function* readLog(
  place: LogPlace,
  { signal, sinceMs, tail, follow }: LogRequest,
  clock: Clock,
): AsyncGenerator<readonly LogLine[]> {
  const isAsked = ({ at }: LogLine) => sinceMs === undefined || at >= sinceMs;
  const news = follow ? createNews(place.directory, clock, [signal, follow]) : null;
  let reader: SegmentReader | null = null;
  try {
    if (tail !== undefined) {
      const end = await readTail(place, tail, isAsked, signal);
      reader = end.reader;
      if (end.lines.length > 0) yield end.lines;
    }
    for (;;) {
      // Checked before reading on, so that everything is read that was written up to the end.
      const isLast = !follow || follow.aborted;
      for (;;) {
        const next = await nextSegment(place, reader?.number ?? 0);
        if (reader) yield* batches(reader, isAsked, signal);
        if (signal.aborted || !next) break;
        if (reader && next.number > reader.number + 1) yield [missing(clock)];
        await reader?.close();
        reader = createSegmentReader(next);
      }
      if (signal.aborted || isLast || !news) return;
      await news.next();
    }
  } finally {
    news?.close();
    await reader?.close();
  }
}

async function nextSegment(place: LogPlace, after: number): Promise<Segment | null> {
  const segments = await listSegments(place).catch(() => []);
  return segments.find(({ number }) => number > after) ?? null;
}

async function* batches(
  reader: SegmentReader,
  isAsked: (line: LogLine) => boolean,
  signal: AbortSignal,
): AsyncGenerator<readonly LogLine[]> {
  while (!signal.aborted) {
    const lines = await reader.next();
    if (!lines) return;
    const asked = lines.filter(isAsked);
    if (asked.length > 0) yield asked;
  }
}

/** Returns a note that files were removed before they were read. */
function missing(clock: Clock): LogLine {
  return {
    at: clock.now(),
    stream: 'note',
    text: 'lines are missing here: they were printed faster than read',
  };
}

/** Reads the last lines there are. Afterwards, `reader` is at their end. */
async function readTail(
  place: LogPlace,
  count: number,
  isAsked: (line: LogLine) => boolean,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly LogLine[]; readonly reader: SegmentReader | null }> {
  let lines: LogLine[] = [];
  let last: SegmentReader | null = null;
  for (const segment of (await listSegments(place).catch(() => [])).toReversed()) {
    const reader = createSegmentReader(segment);
    let own: LogLine[] = [];
    for await (const batch of batches(reader, isAsked, signal)) own = [...own, ...batch].slice(-count);
    lines = count === 0 ? [] : [...own, ...lines].slice(-count);
    if (last) await reader.close();
    else last = reader;
    if (lines.length >= count || signal.aborted) break;
  }
  return { lines, reader: last };
}

interface SegmentReader {
  readonly number: number;
  /** Returns the complete lines of the next piece; null at the current end. */
  next(): Promise<LogLine[] | null>;
  close(): Promise<void>;
}

/** Creates a reader of one file, which continues where it stopped, even if the file was removed meanwhile. */
function createSegmentReader({ number, path }: Segment): SegmentReader {
  const read = createRecordReader();
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let handle: FileHandle | null = null;
  let isGone = false;
  let position = 0;
  let rest: Buffer = Buffer.alloc(0);
  return {
    number,
    async next() {
      if (isGone) return null;
      handle ??= await openRegular(path);
      if (!handle) {
        isGone = true;
        return null;
      }
      // A read that the system refuses counts as the end of the file.
      const { bytesRead } = await handle
        .read(chunk, 0, CHUNK_BYTES, position)
        .catch(() => ({ bytesRead: 0 }));
      if (bytesRead === 0) return null;
      position += bytesRead;
      const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      rest = bytes.length - end > LONGEST_HELD ? Buffer.alloc(0) : Buffer.from(bytes.subarray(end));
      return read(bytes.toString('utf8', 0, end));
    },
    async close() {
      isGone = true;
      await handle?.close();
      handle = null;
    },
  };
}

/** Opens a regular file; null if there is none. In others' directories, there may be a link or a pipe instead. */
async function openRegular(path: string): Promise<FileHandle | null> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch(() => null);
  if (!handle) return null;
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return null;
}

/** Watches a directory. `next` resolves when it has changed since the last call, or after a second. */
function createNews(
  directory: string,
  clock: Clock,
  ends: readonly AbortSignal[],
): { next(): Promise<void>; close(): void } {
  let hasNews = true;
  let wake = () => {};
  const tell = () => {
    hasNews = true;
    wake();
  };
  const watch = watchDirectory(directory, clock, tell);
  for (const end of ends) end.addEventListener('abort', tell, { once: true });
  return {
    async next() {
      if (!hasNews) await new Promise<void>((resolve) => (wake = resolve));
      hasNews = false;
    },
    close() {
      watch.close();
      for (const end of ends) end.removeEventListener('abort', tell);
    },
  };
}
