import { StringDecoder } from 'node:string_decoder';
import type { LogStream } from '../../model/log.ts';
import { LineFold } from './line-fold.ts';
import type { LogRecord } from './record.ts';

/** A piece of output. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly stream: LogStream;
  /** Epoch ms. */
  readonly at: number;
}

/** The unfinished lines of one stream. */
interface Lines {
  readonly decoder: StringDecoder;
  readonly fold: LineFold;
  /** Whether output was left out: what follows, up to a line end, is the rest of a line. */
  isCut: boolean;
}

/** Turns pieces of output into records, separately for each stream. */
export interface StreamFolds {
  fold(piece: Piece): LogRecord[];
  /** To be called when a piece of a stream is left out. */
  skip(stream: LogStream): void;
  /** Ends the lines whose rest was left out. */
  endCut(at: number): LogRecord[];
  /** Returns the lines that were not redrawn since the last call, which makes them final. */
  settle(at: number): LogRecord[];
  /** Makes everything final. */
  end(at: number): LogRecord[];
  /** Whether lines are held back because they may be redrawn. */
  readonly holdsBack: boolean;
  /** Returns, for each stream, the last finished line since the last call that says something, as it was printed. */
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
