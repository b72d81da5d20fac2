import { StringDecoder } from 'node:string_decoder';
import type { LogStream } from '../../model/log.ts';
import { createEscapeParser, type EscapeParser } from '../progress/escape-parser.ts';

/** What others who write to the same terminal need to know about a command's output. */
export interface OutputWatch {
  take(piece: Uint8Array, stream: LogStream): void;
  /** No sequence and no character is half written. */
  readonly isBetween: boolean;
  /** How the command itself currently tells the terminal its status. */
  readonly speaks: 'bar' | 'status' | null;
}

/** Which of a command's reports reach our terminal. */
export interface PassedReports {
  /** OSC 9;4. */
  readonly bar: boolean;
  /** OSC 7501. */
  readonly status: boolean;
}

const BAR = /^9;4;(?<state>[0-4])(?:;|$)/u;
const STATUS = /^7501;(?!\?)/u;
const CLEARS = /(?:^7501;|:)state=clear(?=:|$)/u;
const CLEARS_PART = /[;:]id=/u;
const LONGEST_CHARACTER = 4;

export function createOutputWatch(passed: PassedReports): OutputWatch {
  const streams = new Map<LogStream, { decoder: StringDecoder; parser: EscapeParser; last: Buffer }>();
  let showsBar = false;
  let showsStatus = false;

  function osc(payload: string): void {
    const state = BAR.exec(payload)?.groups?.state;
    if (passed.bar && state !== undefined) showsBar = state !== '0';
    if (!passed.status || !STATUS.test(payload)) return;
    if (!CLEARS.test(payload)) showsStatus = true;
    else if (!CLEARS_PART.test(payload)) showsStatus = false;
  }

  /** Handles a reset of the terminal, which clears all statuses. */
  function reset(final: string): void {
    if (final === 'c') showsStatus = false;
  }

  function open(stream: LogStream) {
    const parser = createEscapeParser({ text() {}, control() {}, csi() {}, escape: reset, osc });
    const opened = { decoder: new StringDecoder('utf8'), parser, last: Buffer.alloc(0) };
    streams.set(stream, opened);
    return opened;
  }

  return {
    take(bytes, stream) {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const opened = streams.get(stream) ?? open(stream);
      opened.parser.push(opened.decoder.write(piece));
      opened.last = Buffer.concat([opened.last, piece.subarray(-LONGEST_CHARACTER)]).subarray(
        -LONGEST_CHARACTER,
      );
    },
    get isBetween() {
      return [...streams.values()].every(
        ({ parser, last }) => parser.isBetweenSequences && !endInCharacter(last),
      );
    },
    get speaks() {
      return showsStatus ? 'status' : showsBar ? 'bar' : null;
    },
  };
}

/** Tells whether bytes end inside a UTF-8 character. */
function endInCharacter(bytes: Buffer): boolean {
  const length = bytes.length - bytes.findLastIndex((byte) => byte < 0x80 || byte >= 0xc0);
  const first = bytes.at(-length) ?? 0;
  return length < (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);
}
