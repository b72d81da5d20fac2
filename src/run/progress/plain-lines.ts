import type { OutputLine } from './found.ts';
import { ROW_LIMIT, type Screen } from './screen.ts';

/** A shorter piece is read as quickly in the ordinary way. */
const MIN_LENGTH = 512;
/** How much of each end of a piece is read while nothing has been understood. */
const LOOKED_AT = 4 * 1024;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what plain lines have none of
const NOT_PLAIN = /[\b\u000b\f\u001b\u009b\u009d]|\r(?!\n|$)/u;

/**
 * Skips the complete lines of a large piece of plain output, and reads only those of interest: a command that prints a hundred
 * thousand lines must not wait for us. Returns what still has to be read in the ordinary way.
 */
export function passPlainLines(
  text: string,
  reader: {
    readonly screen: Screen;
    line(line: OutputLine): void;
    push(text: string): void;
    isOfInterest(text: string): boolean;
    isKnown(line: string): boolean;
    /** Of the lines with a figure, only this many are read, the newest. Of a tool's own lines, all are. */
    readonly mostFigures: number;
    /** Whether anything that the command printed has been understood. */
    isUnderstood(): boolean;
  },
): string {
  if (text.length < MIN_LENGTH || !reader.screen.isPlain || NOT_PLAIN.test(text)) return text;
  const from = text.indexOf('\n') + 1;
  const to = text.lastIndexOf('\n') + 1;
  if (to <= from) return text;
  reader.push(text.slice(0, from));
  const lines = text.slice(from, to);
  for (const part of reader.isUnderstood() ? [lines] : endsOf(lines)) {
    if (reader.isOfInterest(part)) readLines(part, reader);
  }
  reader.screen.pass(lines);
  return text.slice(to);
}

/** Returns the first and the last lines of many: progress that is printed from time to time can be found there just as well. */
function endsOf(text: string): string[] {
  if (text.length <= 4 * LOOKED_AT) return [text];
  const [head, tail] = [text.slice(0, LOOKED_AT), text.slice(-LOOKED_AT)];
  return [head.slice(0, head.lastIndexOf('\n') + 1), tail.slice(tail.indexOf('\n') + 1)];
}

function readLines(text: string, reader: Parameters<typeof passPlainLines>[1]): void {
  const lines: string[] = [];
  let figures = 0;
  for (const line of text.split('\n').reverse()) {
    const isKnown = reader.isKnown(line);
    if (!isKnown && (figures >= reader.mostFigures || !reader.isOfInterest(line))) continue;
    if (!isKnown) figures += 1;
    lines.push(line);
  }
  for (const line of lines.reverse()) {
    const shown = line.replace(/\r+$/u, '').replaceAll('\t', '    ');
    if (shown.length <= ROW_LIMIT || shown.startsWith('{')) reader.line({ text: shown, isRedrawn: false });
  }
}
