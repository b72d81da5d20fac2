import type { OutputLine } from './found.ts';
import { ROW_LIMIT, type Screen } from './screen.ts';

/** A shorter piece is as quickly read in the ordinary way. */
const WORTH_IT = 512;
/** So many lines of one piece are read, the newest; a bar of its own for each line is none that anyone follows. */
const MOST_LINES = 100;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what plain lines have none of
const NOT_PLAIN = /[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n)/u;

/**
 * Passes over the whole lines of a large piece of plain output, of which only those of interest are read: a command that
 * prints a hundred thousand lines must not wait for us. Returns what is still to be read in the ordinary way.
 */
export function passPlainLines(
  text: string,
  reader: {
    readonly screen: Screen;
    line(line: OutputLine): void;
    push(text: string): void;
    isOfInterest(text: string): boolean;
  },
): string {
  if (text.length < WORTH_IT || !reader.screen.isPlain || NOT_PLAIN.test(text)) return text;
  const from = text.indexOf('\n') + 1;
  const to = text.lastIndexOf('\n') + 1;
  if (to <= from) return text;
  reader.push(text.slice(0, from));
  const lines = text.slice(from, to);
  if (reader.isOfInterest(lines)) readLines(lines, reader);
  reader.screen.pass(lines);
  return text.slice(to);
}

function readLines(text: string, reader: Parameters<typeof passPlainLines>[1]): void {
  const lines = text.split('\n').filter((line) => reader.isOfInterest(line));
  for (const line of lines.slice(-MOST_LINES)) {
    const shown = line.replace(/\r+$/u, '').replaceAll('\t', '    ');
    if (shown.length <= ROW_LIMIT || shown.startsWith('{')) reader.line({ text: shown, isRedrawn: false });
  }
}
