import type { Clock } from '../../clock.ts';
import { createTimeBudget } from '../../io/log/time-budget.ts';
import type { OutputStream } from '../child.ts';
import type { FindInLines } from './cautious-find.ts';
import { watchFiles } from './file/watch-files.ts';
import type { Found } from './found.ts';
import { createPacedReading, type PacedReading } from './paced-reading.ts';
import type { Progress } from './progress.ts';
import { createSpokenStatus } from './status/spoken-status.ts';
import type { Standing } from './status/standing.ts';
import { createStreamReader, type StreamReader } from './stream-reader.ts';
import { createTally, type Way } from './tally.ts';
import { createToolReaders } from './tools.ts';

/** Reading may take this share of the time, and this much at once (ms). The rest belongs to passing output on. */
const SHARE = 1 / 50;
const AT_ONCE_MS = 150;

/** Finds progress in a command's output as it arrives, in pieces cut anywhere. */
export interface ProgressReader {
  /** Reads a piece of one of the outputs. Each output has lines of its own. */
  read(piece: Buffer, stream: OutputStream): void;
  /** Takes unfinished lines as they are. Call this when nothing has arrived for a moment, and at the end. */
  settle(): void;
  readonly progress: Progress;
  /** What the program itself says that it is waiting for. */
  readonly standing: Standing;
  /** Settles; from then on, nothing is forgotten. */
  end(): void;
}

export interface ProgressReaderOptions {
  readonly clock: Clock;
  /** Called when the progress, or what the program waits for, has changed. */
  readonly onProgress: () => void;
  /** Types the reply to a program that asks whether its status is understood; absent if nobody can. */
  readonly answer?: ((reply: string) => void) | undefined;
  /** Searches with the user's own pattern; then the lines of the usual tools are not read. */
  readonly find?: FindInLines | null;
  /** Look at the files that the command's processes read if its output tells nothing better. */
  readonly watchesFiles?: boolean;
  /** How many rows the terminal has, if there is one. */
  readonly rows?: number | undefined;
}

export function createProgressReader(options: ProgressReaderOptions): ProgressReader {
  const tally = createTally();
  const tools = createToolReaders();
  const { onProgress } = options;
  let hasPrinted = false;
  let isMoving = false;
  /** Whether the program has reported its status since the last time. */
  let isStatusNew = false;

  function tell(found: Found, way: Way): void {
    if (found.kind === 'moving') isMoving = true;
    if (tally.way !== 'status') countStatus();
    if (tally.take(found, way)) onProgress();
  }

  function countStatus(): void {
    if (isStatusNew) tally.take(spoken.found, 'status');
    isStatusNew = false;
  }

  const stopWatch = options.watchesFiles
    ? watchFiles({
        clock: options.clock,
        isWanted: () =>
          !isStatusNew && (tally.way === 'file' || (tally.way === null && (isMoving || !hasPrinted))),
        tell: (found) => tell(found, 'file'),
      })
    : () => {};
  const spoken = createSpokenStatus({
    clock: options.clock,
    tell,
    release: (way) => void (tally.release(way) && onProgress()),
    answer: (reply) => options.answer?.(reply),
    onStatus() {
      isStatusNew = true;
      onProgress();
    },
    onStanding: onProgress,
  });
  const streams = new Map<OutputStream, { paced: PacedReading; reader: StreamReader }>();
  const budget = createTimeBudget(options.clock, SHARE, AT_ONCE_MS);

  function open(stream: OutputStream) {
    const reader = createStreamReader({
      tools,
      find: options.find ?? null,
      rows: options.rows,
      tell,
      osc: spoken.take,
      reset: spoken.reset,
    });
    const opened = { paced: createPacedReading(reader, budget, options.clock), reader };
    streams.set(stream, opened);
    return opened;
  }

  function settle(): void {
    for (const { paced, reader } of streams.values()) {
      paced.catchUp();
      reader.settle();
    }
  }

  return {
    read(piece, stream) {
      hasPrinted = true;
      const { paced } = streams.get(stream) ?? open(stream);
      paced.read(piece);
    },
    settle,
    get progress() {
      countStatus();
      return tally.progress;
    },
    get standing() {
      return spoken.standing;
    },
    end() {
      settle();
      spoken.close();
      stopWatch();
    },
  };
}
