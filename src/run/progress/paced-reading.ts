import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../clock.ts';
import type { TimeBudget } from '../../io/log/time-budget.ts';
import { LONGEST_KEPT, sequencesThatLast } from './lasting-sequences.ts';

/**
 * How much of the waiting output is read: more than a person sees at once, and little enough to be read in a few milliseconds.
 */
const NEWEST_BYTES = 16 * 1024;
/** Output that is only sampled is looked at as often as a person can follow. */
const LOOK_EVERY_MS = 200;
/** A group of rows is drawn from its top after a move up. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const MOVE_UP = /\u001b\[\d*[AF]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const DRAWS_ANEW = /[\n\r\b]|\u001b\[\d*G/u;

/** The reader behind it. */
interface PacedReader {
  read(text: string): void;
  /** Something was left out, so what comes next does not continue it. `sequences` are those in the gap that still apply. */
  resume(sequences: string): void;
}

export interface PacedReading {
  read(piece: Buffer): void;
  /** Reads what is waiting. */
  catchUp(): void;
}

/**
 * Reads all output while `budget` lasts. Reading a whole flood would cost the command more time than its progress is worth, so
 * only the newest part is read, from time to time.
 */
export function createPacedReading(reader: PacedReader, budget: TimeBudget, clock: Clock): PacedReading {
  let decoder = new StringDecoder('utf8');
  let lookedAt = clock.monotonic();
  let waiting: Buffer | null = null;
  let length = 0;
  let hasGap = false;
  let lasting = '';

  function readNow(piece: Buffer): void {
    const startedAt = clock.monotonic();
    reader.read(decoder.write(piece));
    lookedAt = clock.monotonic();
    budget.spend(lookedAt - startedAt);
  }

  function drop(piece: Buffer): void {
    if (piece.length === 0) return;
    hasGap = true;
    const found = sequencesThatLast(piece);
    if (found !== '') lasting = (lasting + found).slice(-LONGEST_KEPT);
  }

  function hold(piece: Buffer): void {
    waiting ??= Buffer.allocUnsafeSlow(2 * NEWEST_BYTES);
    if (length + piece.length > waiting.length) {
      const kept = Math.min(length, Math.max(0, NEWEST_BYTES - piece.length));
      drop(waiting.subarray(0, length - kept));
      waiting.copyWithin(0, length - kept, length);
      length = kept;
    }
    const newest = piece.length > NEWEST_BYTES ? piece.subarray(-NEWEST_BYTES) : piece;
    drop(piece.subarray(0, piece.length - newest.length));
    newest.copy(waiting, length);
    length += newest.length;
  }

  function catchUp(): void {
    if (!waiting || length === 0) return;
    const held = waiting.subarray(0, length);
    length = 0;
    if (!hasGap) return readNow(held);
    const from = beginningIn(held);
    const sequences = lasting + sequencesThatLast(held.subarray(0, from));
    hasGap = false;
    lasting = '';
    decoder = new StringDecoder('utf8');
    reader.resume(sequences);
    readNow(held.subarray(from));
  }

  return {
    read(piece) {
      const isAffordable = budget.restMs() === 0;
      if (length === 0 && isAffordable) return readNow(piece);
      hold(piece);
      if (isAffordable && clock.monotonic() - lookedAt >= LOOK_EVERY_MS) catchUp();
    },
    catchUp,
  };
}

/** Returns where the first group of rows begins, or else where the first line, or the first drawing of one, does. */
function beginningIn(bytes: Buffer): number {
  const text = bytes.toString('latin1');
  const at = [MOVE_UP, DRAWS_ANEW].map((begins) => text.search(begins)).find((found) => found !== -1);
  return at ?? bytes.length;
}
