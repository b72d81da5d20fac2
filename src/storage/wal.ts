import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';

/** The format of a write-ahead log: https://sqlite.org/fileformat2.html#walformat */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x37_7f_06_82;
const VERSION = 3_007_000;
/** The offset of two bytes, for writers and for readers: 2 if a database uses a write-ahead log, 1 for a journal. */
const JOURNAL_MODE_BYTES = 18;

interface WalHeader {
  readonly pageBytes: number;
  readonly salt: Buffer;
  readonly isBigEndian: boolean;
  readonly sum: Checksum;
}

type Checksum = readonly [number, number];

/** Tells whether a file begins as a write-ahead log does. If not, SQLite ignores it, whatever it contains. */
export function isWal(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const start = Buffer.alloc(HEADER_BYTES);
    return readSync(file, start, 0, HEADER_BYTES, 0) === HEADER_BYTES && decodeHeader(start) !== null;
  } finally {
    closeSync(file);
  }
}

/**
 * Copies a database to `copy`, and applies everything that is committed in its write-ahead log, so that the copy needs no log.
 * Neither file may be in use; `wal` is null if there is none. Throws the system's error.
 */
export function copyWithWal(database: string, wal: string | null, copy: string): void {
  copyFileSync(database, copy, constants.COPYFILE_FICLONE);
  chmodSync(copy, 0o600); // the original may be read-only
  const { pages, databaseBytes } = committedPages(wal === null ? Buffer.alloc(0) : readFileSync(wal));
  const file = openSync(copy, 'r+');
  try {
    for (const [offset, page] of pages) writeSync(file, page, 0, page.length, offset);
    if (databaseBytes !== null) ftruncateSync(file, databaseBytes);
    if (fstatSync(file).size === 0) return; // an empty database, which has no header
    writeSync(file, Buffer.from([1, 1]), 0, 2, JOURNAL_MODE_BYTES);
  } finally {
    closeSync(file);
  }
}

/**
 * Returns the pages of complete transactions, by their offset in the database. What follows the last one is not committed.
 */
function committedPages(log: Buffer): {
  readonly pages: ReadonlyMap<number, Buffer>;
  readonly databaseBytes: number | null;
} {
  const pages = new Map<number, Buffer>();
  let databaseBytes: number | null = null;
  const header = decodeHeader(log);
  if (!header) return { pages, databaseBytes };
  const { pageBytes, salt, isBigEndian } = header;
  let sum = header.sum;
  let open: [number, Buffer][] = [];
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const frame = log.subarray(at, at + frameBytes);
    const page = frame.subarray(FRAME_HEADER_BYTES);
    sum = checksum(page, isBigEndian, checksum(frame.subarray(0, 8), isBigEndian, sum));
    const isOwn = frame.subarray(8, 16).equals(salt) && isSum(frame, 16, sum);
    if (!isOwn) break;
    open.push([(frame.readUInt32BE(0) - 1) * pageBytes, page]);
    const pagesAfterCommit = frame.readUInt32BE(4);
    if (pagesAfterCommit === 0) continue;
    for (const [offset, content] of open) pages.set(offset, content);
    databaseBytes = pagesAfterCommit * pageBytes;
    open = [];
  }
  return { pages, databaseBytes };
}

function decodeHeader(log: Buffer): WalHeader | null {
  if (log.length < HEADER_BYTES) return null;
  const magic = log.readUInt32BE(0);
  const isBigEndian = (magic & 1) === 1;
  if ((magic & ~1) !== MAGIC || log.readUInt32BE(4) !== VERSION) return null;
  const sum = checksum(log.subarray(0, 24), isBigEndian, [0, 0]);
  const pageBytes = log.readUInt32BE(8);
  const isPageSize = pageBytes >= 512 && pageBytes <= 65_536 && (pageBytes & (pageBytes - 1)) === 0;
  return isPageSize && isSum(log, 24, sum)
    ? { pageBytes, salt: log.subarray(16, 24), isBigEndian, sum }
    : null;
}

function isSum(bytes: Buffer, at: number, [first, second]: Checksum): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;
}

/** Computes SQLite's own checksum over pairs of 32-bit words, continuing from `before`. */
function checksum(bytes: Buffer, isBigEndian: boolean, before: Checksum): Checksum {
  let [first, second] = before;
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const a = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const b = isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    first = (first + a + second) >>> 0;
    second = (second + b + first) >>> 0;
  }
  return [first, second];
}
