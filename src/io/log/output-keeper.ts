import { type Clock, sleep } from '../../clock.ts';
import type { LogStream } from '../../model/log.ts';
import type { LogRing } from './log-ring.ts';
import type { LogRecord } from './record.ts';
import { LOG_BYTES } from './segment.ts';
import { createStreamFolds, type Piece } from './stream-folds.ts';

/** Keeps what somebody prints, without being felt by whom it is passed on to. */
export interface OutputKeeper {
  /** Takes a piece of output as it came; it must not be changed afterwards. Returns at once. */
  write(piece: Uint8Array, stream: LogStream): void;
  /** What has come so far is final, also a last line without an end. Resolves once it is kept, within two seconds. */
  settle(): Promise<void>;
  /** Settles, and lets go of the files. */
  close(): Promise<void>;
}

/** What comes within so long is written at once. */
const GATHER_MS = 100;
/** So much of the time, at most, goes into keeping: the rest belongs to passing on. */
const SHARE = 1 / 20;
const LONGEST_REST_MS = 5_000;
/** How long lines may be held back that might be drawn anew. */
const HOLD_MS = 5_000;
/** A disk that takes nothing is not waited for. */
const END_WITHIN_MS = 2_000;
/** So much is folded at once; then signals and output have their turn. */
const BATCH_BYTES = 256 * 1024;

/**
 * Keeps output in a ring, for a small part of the time: if more comes than can be folded in that, what the ring could not
 * hold in the end anyway is left out, which a line says. If the ring fails, `onFailure` hears of it once, and only the
 * last line is still known.
 */
export function createOutputKeeper(options: {
  readonly ring: LogRing;
  readonly clock: Clock;
  /** Hears of the last line that ended and says something, as it was printed, whenever it is another one. */
  readonly onLastLine?: (line: string) => void;
  readonly onFailure: (error: Error) => void;
  /** So much waits to be folded, at most, in bytes. */
  readonly waitingBytes?: number;
}): OutputKeeper {
  const { ring, clock, onLastLine = () => {}, onFailure } = options;
  const folds = createStreamFolds();
  const waiting = createWaitingPieces(options.waitingBytes ?? LOG_BYTES, folds.skip);
  let lastLine: string | null = null;
  let hasFailed = false;
  let stopTimer: (() => void) | null = null;
  let heldSince = clock.monotonic();
  let turn = Promise.resolve();

  function fail(error: Error): void {
    if (!hasFailed) onFailure(error);
    hasFailed = true;
  }

  async function append(records: readonly LogRecord[]): Promise<void> {
    if (hasFailed || records.length === 0) return;
    await ring.append(records).catch(fail);
  }

  function foldBatch(): LogRecord[] {
    const { pieces, leftOut } = waiting.take(BATCH_BYTES);
    const missing = leftOut === 0 ? [] : [...folds.endCut(clock.now()), missingRecord(leftOut, clock.now())];
    return [...missing, ...pieces.flatMap(folds.fold)];
  }

  function tellLastLine(): void {
    for (const line of folds.takeLastLines()) {
      if (line !== lastLine) onLastLine(line);
      lastLine = line;
    }
  }

  /** Folds and writes what waits; returns for how long it kept everything else waiting, ms. */
  async function work(): Promise<number> {
    let took = 0;
    while (!waiting.isEmpty) {
      const startedAt = clock.monotonic();
      const records = foldBatch();
      took += clock.monotonic() - startedAt;
      await append(records);
    }
    if (clock.monotonic() - heldSince >= HOLD_MS) {
      heldSince = clock.monotonic();
      await append(folds.settle(clock.now()));
    }
    tellLastLine();
    return took;
  }

  function workSoon(restMs: number): void {
    stopTimer ??= clock.after(restMs, () => {
      turn = turn.then(work).then((took) => {
        stopTimer = null;
        const rest = Math.min(LONGEST_REST_MS, took / SHARE);
        if (!waiting.isEmpty) workSoon(Math.max(GATHER_MS, rest));
        else if (folds.holdsBack) workSoon(HOLD_MS);
      });
    });
  }

  async function finish(): Promise<void> {
    await work();
    await append(folds.end(clock.now()));
    tellLastLine();
  }

  async function settle(): Promise<void> {
    const over = new AbortController();
    const late = sleep(clock, END_WITHIN_MS, over.signal).then(() => {
      if (!over.signal.aborted) fail(new Error(`nothing was taken for ${END_WITHIN_MS / 1000} s`));
    });
    turn = turn.then(finish);
    await Promise.race([turn, late]);
    over.abort();
  }

  return {
    write(piece, stream) {
      waiting.push({ bytes: piece, stream, at: clock.now() });
      workSoon(GATHER_MS);
    },
    settle,
    async close() {
      await settle();
      stopTimer?.();
      if (!hasFailed) await ring.close().catch(() => {});
    },
  };
}

/** Pieces of output that wait to be folded, the oldest first; beyond the bound the oldest are left out. */
function createWaitingPieces(bound: number, onLeftOut: (piece: Piece) => void) {
  let pieces: Piece[] = [];
  let bytes = 0;
  let leftOut = 0;

  function makeRoom(): void {
    const kept = pieces.findIndex((piece) => {
      if (bytes <= bound) return true;
      bytes -= piece.bytes.length;
      leftOut += piece.bytes.length;
      onLeftOut(piece);
      return false;
    });
    pieces = kept === -1 ? [] : pieces.slice(kept);
  }

  return {
    get isEmpty() {
      return pieces.length === 0 && leftOut === 0;
    },
    push(piece: Piece): void {
      pieces.push(piece);
      bytes += piece.bytes.length;
      if (bytes > bound) makeRoom();
    },
    /** Takes so many bytes, or a little more, and tells how many before them were left out since the last time. */
    take(most: number): { readonly pieces: readonly Piece[]; readonly leftOut: number } {
      let taken = 0;
      const end = pieces.findIndex((piece) => {
        if (taken >= most) return true;
        taken += piece.bytes.length;
        return false;
      });
      const batch = { pieces: end === -1 ? pieces : pieces.slice(0, end), leftOut };
      pieces = end === -1 ? [] : pieces.slice(end);
      bytes -= taken;
      leftOut = 0;
      return batch;
    },
  };
}

function missingRecord(bytes: number, at: number): LogRecord {
  const lines = `${bytes} bytes are missing here: they came faster than they could be kept\n`;
  return { at, stream: 'note', lines };
}
