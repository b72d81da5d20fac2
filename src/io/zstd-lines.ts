import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { createLineSplitter } from './line-splitter.ts';

const LONGEST_LINE_BYTES = 1024 * 1024;
/** A file that is larger than this when unpacked is not read, because that would take seconds. */
const MOST_UNPACKED_BYTES = 256 * 1024 * 1024;
/** Of the wanted lines, the newest are kept: at most twice this much. */
const MOST_KEPT_BYTES = 8 * 1024 * 1024;

/** Tells whether this Node can unpack zstd, as it can from 22.15. */
export function canReadZstd(): boolean {
  return 'createZstdDecompress' in zlib;
}

/** Reads the wanted lines of a file packed with zstd; the last ones if there are many. Rejects if it cannot be read. */
export async function readZstdLines(path: string, isWanted: (line: Buffer) => boolean): Promise<string[]> {
  const splitter = createLineSplitter(LONGEST_LINE_BYTES);
  let unpacked = 0;
  let kept = 0;
  let lines: string[] = [];
  await pipeline(
    createReadStream(path),
    zlib.createZstdDecompress(),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        unpacked += piece.length;
        if (unpacked > MOST_UNPACKED_BYTES) throw new Error('it is larger than 256 MiB when it is unpacked');
        for (const line of splitter.push(piece).filter(isWanted)) {
          lines.push(line.toString());
          kept += line.length;
        }
        if (kept > 2 * MOST_KEPT_BYTES) {
          lines = lines.slice(-Math.ceil(lines.length / 2));
          kept = lines.reduce((sum, line) => sum + line.length, 0);
        }
      }
    },
  );
  return lines;
}
