/** Takes the next bytes of a command's output; returns those that our terminal is to get. */
export type StatusFilter = (piece: Buffer) => Buffer;

const ESC = 0x1b;
const BEL = 0x07;
const ST = 0x9c;
const BACKSLASH = 0x5c;
/** Anything longer is not a report, and is passed on as it came. */
const LONGEST = 4_096;
const STATUS = Buffer.from('\u001b]7501;');
const QUERY = Buffer.from('\u001b]7501;?');
const BAR = Buffer.from('\u001b]9;4');
const STARTS = [STATUS, BAR];

/**
 * Removes reports that a terminal gets only because we let the program make them: a terminal that does not know them might show
 * them as text, or as a notification. Everything else passes byte for byte. A sequence may be cut anywhere.
 */
export function createStatusFilter(leaveOut: {
  /** OSC 7501, for which we have answered. */
  status(): boolean;
  /** The query whether OSC 7501 is understood, which we answer. */
  readonly query: boolean;
  /** OSC 9;4, which we have announced. */
  readonly bar: boolean;
}): StatusFilter {
  let held = Buffer.alloc(0);

  return (piece) => {
    const bytes = held.length > 0 ? Buffer.concat([held, piece]) : piece;
    held = Buffer.alloc(0);
    const kept: Buffer[] = [];
    let from = 0;
    for (let at = bytes.indexOf(ESC); at !== -1; at = bytes.indexOf(ESC, at)) {
      const end = endOf(bytes, at);
      if (end === 'unknown') {
        kept.push(bytes.subarray(from, at));
        held = Buffer.from(bytes.subarray(at));
        return Buffer.concat(kept);
      }
      if (end === null || !isLeftOut(bytes.subarray(at, end))) {
        at += 1;
        continue;
      }
      kept.push(bytes.subarray(from, at));
      from = end;
      at = end;
    }
    return from === 0 ? bytes : Buffer.concat([...kept, bytes.subarray(from)]);
  };

  function isLeftOut(sequence: Buffer): boolean {
    if (startsWith(sequence, BAR)) return leaveOut.bar;
    return leaveOut.status() || (leaveOut.query && startsWith(sequence, QUERY));
  }
}

/** Returns where the report that begins at `at` ends; null if none does, `unknown` if more bytes are needed to tell. */
function endOf(bytes: Buffer, at: number): number | null | 'unknown' {
  const start = STARTS.find((report) => startsWith(bytes, report, at));
  if (!start) return STARTS.some((report) => mayBecome(bytes, report, at)) ? 'unknown' : null;
  if (start === BAR) {
    const next = bytes[at + BAR.length];
    if (next === undefined) return 'unknown';
    if (![0x3b, BEL, ESC, ST].includes(next)) return null;
  }
  for (let index = at + start.length; index < Math.min(bytes.length, at + LONGEST); index += 1) {
    const byte = bytes[index];
    if (byte === BEL || byte === ST) return index + 1;
    if (byte === ESC) {
      if (bytes[index + 1] === undefined) return 'unknown';
      return bytes[index + 1] === BACKSLASH ? index + 2 : null;
    }
  }
  return bytes.length - at >= LONGEST ? null : 'unknown';
}

function startsWith(bytes: Buffer, start: Buffer, at = 0): boolean {
  return bytes.length - at >= start.length && hasInCommon(bytes, start, at);
}

/** Tells whether everything that has arrived is the beginning of a report. */
function mayBecome(bytes: Buffer, start: Buffer, at: number): boolean {
  return bytes.length - at < start.length && hasInCommon(bytes, start, at);
}

function hasInCommon(bytes: Buffer, start: Buffer, at: number): boolean {
  const length = Math.min(start.length, bytes.length - at);
  for (let index = 0; index < length; index += 1) if (bytes[at + index] !== start[index]) return false;
  return true;
}
