import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../clock.ts';
import type { TimeBudget } from '../../io/log/time-budget.ts';
import { LONGEST_KEPT, sequencesThatLast } from './lasting-sequences.ts';

/** So much of what waits is read: more than a person sees at once, and little enough to be read in a few milliseconds. */
const NEWEST_BYTES = 16 * 1024;
/** Progress that was left out in part is looked at as often as anybody can read it. */
const LOOK_EVERY_MS = 200;
/** With a move up, a group of rows is drawn from its top. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const MOVE_UP = /\u001b\[\d*[AF]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const DRAWS_ANEW = /[\n\r\b]|\u001b\[\d*G/u;

/** What is read in the end. */
interface PacedReader {
  read(text: string): void;
  /** Something was left out: what comes next is not its continuation. `sequences` are the ones in it that still hold. */
  resume(sequences: string): void;
}

export interface PacedReading {
  read(piece: Buffer): void;
  /** Reads what waits to be read. */
  catchUp(): void;
}

/**
 * Reads all output as long as `budget` lasts. Of a flood, which would cost the command more time than its progress is
 * worth, only the newest is read, now and then.
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

/** Returns where the first group of rows begins; else where the first line, or the first drawing of one, does. */
function beginningIn(bytes: Buffer): number {
  const text = bytes.toString('latin1');
  const at = [MOVE_UP, DRAWS_ANEW].map((begins) => text.search(begins)).find((found) => found !== -1);
  return at ?? bytes.length;
}
