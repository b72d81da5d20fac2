import { StringDecoder } from 'node:string_decoder';
import type { OutputStream } from '../child.ts';
import type { FindInLines } from './cautious-find.ts';
import type { Progress } from './progress.ts';
import { createStreamReader, type StreamReader } from './stream-reader.ts';
import { createTally } from './tally.ts';
import { createToolReaders } from './tools.ts';

/** Finds progress in a command's output as it comes, in pieces cut anywhere. */
export interface ProgressReader {
  /** Takes a piece of one of the outputs, each of which has lines of its own. */
  read(piece: Buffer, stream: OutputStream): void;
  /** Takes unfinished lines for what they are: to be called when nothing has come for a moment, and at the end. */
  settle(): void;
  readonly progress: Progress;
}

export interface ProgressReaderOptions {
  /** Hears that the progress has changed. */
  readonly onProgress: () => void;
  /** Looks for the user's own pattern; the usual tools' lines are not looked at then. */
  readonly find?: FindInLines | null;
  /** How many rows the terminal has, where there is one. */
  readonly rows?: number | undefined;
}

export function createProgressReader(options: ProgressReaderOptions): ProgressReader {
  const tally = createTally();
  const tools = createToolReaders();
  const streams = new Map<OutputStream, { decoder: StringDecoder; reader: StreamReader }>();

  function open(stream: OutputStream) {
    const reader = createStreamReader({
      tools,
      find: options.find ?? null,
      rows: options.rows,
      tell(found, way) {
        if (tally.take(found, way)) options.onProgress();
      },
      osc() {},
      reset() {},
    });
    const opened = { decoder: new StringDecoder('utf8'), reader };
    streams.set(stream, opened);
    return opened;
  }

  return {
    read(piece, stream) {
      const { decoder, reader } = streams.get(stream) ?? open(stream);
      reader.read(decoder.write(piece));
    },
    settle() {
      for (const { reader } of streams.values()) reader.settle();
    },
    get progress() {
      return tally.progress;
    },
  };
}
