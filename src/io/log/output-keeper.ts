import { type Clock, endsWithin } from '../../clock.ts';
import type { LogStream } from '../../model/log.ts';
import type { LogRing } from './log-ring.ts';
import type { LogRecord } from './record.ts';
import { createStreamFolds } from './stream-folds.ts';
import { createTimeBudget } from './time-budget.ts';
import { createWaitingPieces } from './waiting-pieces.ts';

/** Keeps output without delaying whoever it is passed on to. */
export interface OutputKeeper {
  /** Takes a piece of output. Returns at once. */
  write(piece: Uint8Array, stream: LogStream): void;
  /** Makes all output so far final, including a last line without an end. Resolves once it is kept, or after two seconds. */
  settle(): Promise<void>;
  /** Settles, and closes the files. */
  close(): Promise<void>;
}

/** Output that arrives within this time is written together. */
const GATHER_MS = 100;
/** The share of the time that is spent on folding, and how much may be spent at once (ms): the rest is for passing on. */
const SHARE = 1 / 50;
const AT_ONCE_MS = 100;
const LONGEST_REST_MS = 5_000;
/** With this much output, in bytes, gathering ends early; and the most that may wait. */
const MUCH_BYTES = 1 * 1024 * 1024;
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
/** How long to hold back lines that may be redrawn. */
const HOLD_MS = 5_000;
/** How long to wait at the end for a disk that hangs. */
const END_WITHIN_MS = 2_000;
/** How much is folded at once, before signals and output have their turn. */
const BATCH_BYTES = 64 * 1024;

/**
 * Creates a keeper, which writes output to a ring and uses only a small share of the time. If more arrives than can be folded in
 * that time, the oldest is left out, and a line says so. If the ring fails, `onFailure` is called once, and only the last line is
 * still reported.
 */
export function createOutputKeeper(options: {
  readonly ring: LogRing;
  readonly clock: Clock;
  /** Called with the last finished line that says something, as it was printed, whenever there is a new one. */
  readonly onLastLine?: (line: string) => void;
  readonly onFailure: (error: Error) => void;
  /** The most that may wait to be folded, in bytes. */
  readonly waitingBytes?: number;
}): OutputKeeper {
  const { clock, onLastLine = () => {} } = options;
  const ring = untilFailure(options.ring, options.onFailure);
  const folds = createStreamFolds();
  const waiting = createWaitingPieces(options.waitingBytes ?? MOST_WAITING_BYTES, folds.skip);
  let lastLine: string | null = null;
  const budget = createTimeBudget(clock, SHARE, AT_ONCE_MS);
  let timer: { readonly restMs: number; readonly stop: () => void } | null = null;
  let isWorking = false;
  let heldSince = clock.monotonic();
  let turn = Promise.resolve();

  function foldBatch(): LogRecord[] {
    const records: LogRecord[] = [];
    const noteMissing = (bytes: number) =>
      records.push(...folds.endCut(clock.now()), missingRecord(bytes, clock.now()));
    waiting.take(BATCH_BYTES, noteMissing, (piece) => records.push(...folds.fold(piece)));
    return records;
  }

  function tellLastLine(): void {
    for (const line of folds.takeLastLines()) {
      if (line !== lastLine) onLastLine(line);
      lastLine = line;
    }
  }

  /** Folds and writes everything that is waiting. */
  async function work(): Promise<void> {
    isWorking = true;
    await ring.check();
    // Output that arrives meanwhile is left for later, because a command may never stop printing.
    for (let batches = Math.ceil(waiting.bytes / BATCH_BYTES); batches > 0; batches -= 1) {
      const startedAt = clock.monotonic();
      const written = ring.append(foldBatch());
      budget.spend(clock.monotonic() - startedAt);
      await written;
    }
    if (clock.monotonic() - heldSince >= HOLD_MS) {
      heldSince = clock.monotonic();
      await ring.append(folds.settle(clock.now()));
    }
    tellLastLine();
    isWorking = false;
    if (!waiting.isEmpty) workSoon();
    else if (folds.holdsBack) workAfter(HOLD_MS);
  }

  function workSoon(): void {
    const gatherMs = waiting.bytes >= MUCH_BYTES ? 0 : GATHER_MS;
    workAfter(Math.min(LONGEST_REST_MS, Math.max(gatherMs, budget.restMs())));
  }

  /** Works after `restMs`, unless that is due sooner anyway. */
  function workAfter(restMs: number): void {
    if (isWorking || (timer && timer.restMs <= restMs)) return;
    timer?.stop();
    const stop = clock.after(restMs, () => {
      timer = null;
      turn = turn.then(work).catch(ring.fail);
    });
    timer = { restMs, stop };
  }

  async function finish(): Promise<void> {
    while (!waiting.isEmpty) await work();
    await ring.append(folds.end(clock.now()));
    tellLastLine();
  }

  async function settle(): Promise<void> {
    turn = turn.then(finish).catch(ring.fail);
    if (await endsWithin(clock, END_WITHIN_MS, turn)) return;
    ring.fail(new Error(`nothing was taken for ${END_WITHIN_MS / 1000} s`));
  }

  return {
    write(piece, stream) {
      waiting.push({ bytes: piece, stream, at: clock.now() });
      workSoon();
    },
    settle,
    async close() {
      await settle();
      timer?.stop();
      await ring.close();
    },
  };
}

/** Returns a ring that calls `onFailure` when it fails, and from then on writes nothing. */
function untilFailure(
  ring: LogRing,
  onFailure: (error: Error) => void,
): LogRing & { fail(error: Error): void } {
  let hasFailed = false;
  function fail(error: Error): void {
    if (!hasFailed) onFailure(error);
    hasFailed = true;
  }
  const attempt = async (work: () => Promise<void>) => (hasFailed ? undefined : work().catch(fail));
  return {
    fail,
    check: () => attempt(ring.check),
    append: (records) => attempt(async () => (records.length === 0 ? undefined : ring.append(records))),
    close: () => attempt(ring.close),
  };
}

function missingRecord(bytes: number, at: number): LogRecord {
  const lines = `${bytes} bytes are missing here: they came faster than they could be kept\n`;
  return { at, stream: 'note', lines };
}
