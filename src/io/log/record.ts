import type { LogLine, LogStream } from '../../model/log.ts';

/**
 * How lines are kept: as they are, each with its end, below a line of its own that says when they came and from where:
 * U+001E, a letter and the epoch ms. No kept line holds a U+001E. What follows the last line end is not whole.
 */
export interface LogRecord {
  readonly at: number;
  readonly stream: LogStream;
  /** Whole lines, each with its end. */
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

/** The line that says what follows. */
export function headOf({ at, stream }: LogRecord): string {
  return `${MARK}${LETTERS[stream]}${Math.round(at)}\n`;
}

const HEAD = new RegExp(`^${MARK}([a-z])(\\d{1,15})$`, 'u');

/** Reads the whole lines of one file, piece by piece; what is no line of ours is passed over. */
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
