import { StringDecoder } from 'node:string_decoder';
import type { LogStream } from '../../model/log.ts';
import { LineFold } from './line-fold.ts';
import type { LogRecord } from './record.ts';

/** A piece of output as it came. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly stream: LogStream;
  /** Epoch ms. */
  readonly at: number;
}

/** The lines of one stream in the making. */
interface Lines {
  readonly decoder: StringDecoder;
  readonly fold: LineFold;
  /** Something before was left out: what follows is the rest of a line until that has ended. */
  isCut: boolean;
}

/** Makes records of pieces of output, each stream for itself. */
export interface StreamFolds {
  fold(piece: Piece): LogRecord[];
  /** A piece of this stream is left out. */
  skip(stream: LogStream): void;
  /** Ends the lines of which the rest was left out. */
  endCut(at: number): LogRecord[];
  /** What was not drawn anew since the last time is final. */
  settle(at: number): LogRecord[];
  /** All that came is final. */
  end(at: number): LogRecord[];
  /** Whether lines are held back that may be drawn anew. */
  readonly holdsBack: boolean;
  /** The last lines since this was last asked that end and say something, as they were printed. */
  takeLastLines(): string[];
}

export function createStreamFolds(): StreamFolds {
  const streams = new Map<LogStream, Lines>();
  const linesOf = (stream: LogStream): Lines => {
    const lines = streams.get(stream) ?? { decoder: new StringDecoder(), fold: new LineFold(), isCut: false };
    streams.set(stream, lines);
    return lines;
  };
  const each = (at: number, finish: (lines: Lines) => string): LogRecord[] =>
    [...streams].flatMap(([stream, lines]) => recordOf(stream, at, finish(lines)));

  return {
    fold({ bytes, stream, at }) {
      const lines = linesOf(stream);
      const text = lines.decoder.write(bytes as Buffer);
      return recordOf(stream, at, lines.fold.push(lines.isCut ? restOf(text, lines) : text));
    },
    skip(stream) {
      linesOf(stream).isCut = true;
    },
    endCut: (at) =>
      each(at, ({ isCut, decoder, fold }) => {
        if (!isCut) return '';
        decoder.end();
        return fold.end();
      }),
    settle: (at) => each(at, ({ fold }) => fold.settle()),
    end: (at) =>
      each(at, (lines) => {
        const rest = lines.decoder.end();
        const pushed = lines.isCut ? '' : lines.fold.push(rest);
        lines.isCut = false;
        return pushed + lines.fold.end();
      }),
    get holdsBack() {
      return [...streams.values()].some(({ fold }) => fold.holdsBack);
    },
    takeLastLines: () => [...streams.values()].flatMap(({ fold }) => fold.takeLastLine() ?? []),
  };
}

function restOf(text: string, lines: Lines): string {
  const end = text.indexOf('\n') + 1;
  lines.isCut = end === 0;
  return end === 0 ? '' : text.slice(end);
}

function recordOf(stream: LogStream, at: number, lines: string): LogRecord[] {
  return lines === '' ? [] : [{ at, stream, lines }];
}
