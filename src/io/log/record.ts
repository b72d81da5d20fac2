import type { LogLine, LogStream } from '../../model/log.ts';

/**
 * How lines are stored: unchanged, each with its line end, after a header line that says when they arrived and from where:
 * U+001E, a letter and the epoch ms. No stored line contains U+001E. Anything after the last line end is incomplete.
 */
export interface LogRecord {
  readonly at: number;
  readonly stream: LogStream;
  /** Complete lines, each with its line end. */
  readonly lines: string;
}

const MARK = '\u001e';
const LETTERS: Readonly<Record<LogStream, string>> = {
  stdout: 'o',
  stderr: 'e',
  terminal: 't',
  log: 'l',
  note: 'n',
};
const STREAMS = new Map(Object.entries(LETTERS).map(([stream, letter]) => [letter, stream as LogStream]));

/** Returns the header line of a record. */
export function headOf({ at, stream }: LogRecord): string {
  return `${MARK}${LETTERS[stream]}${Math.round(at)}\n`;
}

const HEAD = new RegExp(`^${MARK}([a-z])(\\d{1,15})$`, 'u');

/** Creates a reader for the complete lines of one file, piece by piece. It skips lines that we did not write. */
export function createRecordReader(): (lines: string) => LogLine[] {
  let at = 0;
  let stream: LogStream | null = null;
  return (lines) => {
    const found: LogLine[] = [];
    for (const line of lines.split('\n').slice(0, -1)) {
      if (line.startsWith(MARK)) {
        const [, letter = '', stamp] = HEAD.exec(line) ?? [];
        stream = STREAMS.get(letter) ?? null;
        at = Number(stamp);
      } else if (stream !== null) found.push({ at, stream, text: line });
    }
    return found;
  };
}
