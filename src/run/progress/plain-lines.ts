import type { OutputLine } from './found.ts';
import { ROW_LIMIT, type Screen } from './screen.ts';

/** A shorter piece is as quickly read in the ordinary way. */
const WORTH_IT = 512;
/** So many lines of one piece with a figure are read, the newest. Of the tools' own, every one counts. */
const MOST_FIGURES = 20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what plain lines have none of
const NOT_PLAIN = /[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n|$)/u;

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
    isKnown(line: string): boolean;
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
  const lines: string[] = [];
  let figures = 0;
  for (const line of text.split('\n').reverse()) {
    const isKnown = reader.isKnown(line);
    if (!isKnown && (figures >= MOST_FIGURES || !reader.isOfInterest(line))) continue;
    if (!isKnown) figures += 1;
    lines.push(line);
  }
  for (const line of lines.reverse()) {
    const shown = line.replace(/\r+$/u, '').replaceAll('\t', '    ');
    if (shown.length <= ROW_LIMIT || shown.startsWith('{')) reader.line({ text: shown, isRedrawn: false });
  }
}
