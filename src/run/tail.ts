import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import type { OutputStream } from './child.ts';

/** How many lines explain why a command failed. */
const LINES = 8;
/** How many of a piece's last lines are searched for them. */
const LINES_LOOKED_AT = 4 * LINES;
/** How much of each line is kept. */
const LINE_LENGTH = 500;
/** Of a longer text without a line end, the beginning is not searched. */
const LOOKED_AT = 64 * 1024;

const LINE_FEED = 0x0a;

/** The cursor goes back to the beginning of its line, or to the line above: what follows overwrites what was there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const REDRAW = /\r+|\u001b\[(?:[01]?G|2K|\d*[AF])/u;

/** Characters that overwrite something, or show nothing: most lines have none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const HAS_CONTROLS = /[\b\r\u001b\u0080-\u009f]/u;

/** No program writes a longer one. */
const LONGEST_REDRAW = 16;

/** The end of a command's output, as a person could still read it on the screen. */
export interface Tail {
  add(piece: Buffer, stream: OutputStream): void;
  /** The last lines that say something, in order, without what was overwritten. */
  lines(): string[];
}

export function createTail(): Tail {
  let ended: string[] = [];
  /** The unfinished line of each stream. */
  const open = new Map<OutputStream, string>();
  const decoders = new Map<OutputStream, StringDecoder>();

  /** Decodes a piece. A character that is split between two pieces is held back until it is complete. */
  function decode(piece: Buffer, stream: OutputStream): string {
    const decoder = decoders.get(stream) ?? new StringDecoder();
    decoders.set(stream, decoder);
    return decoder.write(piece);
  }

  return {
    add(piece, stream) {
      const from = startOfLast(piece);
      if (from > 0) {
        decoders.delete(stream);
        open.delete(stream);
      }
      const text = decode(piece.subarray(from), stream);
      const lines = ((open.get(stream) ?? '') + text).slice(-LOOKED_AT).split('\n');
      open.set(stream, openLine(lines.pop() ?? ''));
      const telling = lastTelling(lines);
      if (telling.length > 0) ended = [...ended, ...telling].slice(-LINES);
    },
    lines() {
      return [...ended, ...[...open.values()].map(shown)]
        .map(plain)
        .filter((line) => line !== '')
        .slice(-LINES);
    },
  };
}

/**
 * Returns where the last lines of a piece begin, the only ones of which something is kept; 0 if it has no more lines than
 * these.
 */
function startOfLast(piece: Buffer): number {
  let at = piece.length;
  for (let left = LINES_LOOKED_AT; left >= 0; left -= 1) {
    at = at === 0 ? -1 : piece.lastIndexOf(LINE_FEED, at - 1);
    if (at === -1) return 0;
  }
  return at + 1;
}

function lastTelling(lines: readonly string[]): string[] {
  const telling: string[] = [];
  for (const line of lines.slice(-LINES_LOOKED_AT).reverse()) {
    const text = shown(line);
    if (text.trim() !== '') telling.push(text);
    if (telling.length === LINES) break;
  }
  return telling.reverse();
}

/** Returns what is left after everything that was overwritten; a line that was erased at its end keeps its last words. */
function shown(line: string): string {
  return HAS_CONTROLS.test(line) ? lastWords(line.split(REDRAW)) : line.slice(0, LINE_LENGTH);
}

/** Returns what is kept of an unfinished line: its last drawing, which may still be erased, and the words before it. */
function openLine(line: string): string {
  const drawings = line.split(REDRAW);
  const last = drawings.pop() ?? '';
  return `${lastWords(drawings)}\r${shortened(last)}`;
}

/**
 * Cuts out the middle of a long drawing, which no line shows. The end is kept, because it may be the first half of a sequence
 * that begins a new drawing.
 */
function shortened(drawing: string): string {
  if (drawing.length <= 2 * LINE_LENGTH) return drawing;
  return `${drawing.slice(0, LINE_LENGTH)} ${drawing.slice(-LONGEST_REDRAW)}`;
}

function lastWords(drawings: readonly string[]): string {
  return (
    drawings.map((drawing) => drawing.slice(0, LINE_LENGTH)).findLast((drawing) => plain(drawing) !== '') ??
    ''
  );
}

/** Returns plain text, with backspaces applied. */
function plain(line: string): string {
  if (!HAS_CONTROLS.test(line)) return line.trimEnd();
  let text = '';
  for (const character of stripVTControlCharacters(line.replaceAll('\r', '')))
    text = character === '\b' ? text.slice(0, -1) : text + character;
  return text.trimEnd();
}
