import { LineFold } from '../../io/log/line-fold.ts';
import type { LogStream } from '../../model/log.ts';
import { plainLine } from '../../model/text.ts';
import type { ScreenUse } from './find-prompt.ts';

/** A longer line is not a prompt; only its end is kept. */
const LONGEST = 4_096;
const LINE_FEED = 0x0a;
const ESC = 0x1b;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CHANGES = /\u001b(?:\[\?(?<modes>[\d;]*)(?<set>[hl])|c)/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BEGUN = /\u001b(?:\[(?:\?[\d;]{0,32})?)?$/u;
const LONGEST_BEGINNING = 40;
/** How sequences begin that change the screen. Colours, which are far more frequent, begin in another way. */
const KINDS = ['\u001b[?', '\u001bc'] as const;
const ALTERNATE = ['47', '1047', '1049'];

/** The line that a command has begun and not ended, and how it uses the screen. Costs next to nothing for each piece. */
export interface UnfinishedLine {
  add(piece: Uint8Array, stream: LogStream): void;
  /** The line as it stands on the screen; '' if the last one has ended. */
  text(): string;
  readonly screen: ScreenUse;
}

export function createUnfinishedLine(): UnfinishedLine {
  let line: Buffer = Buffer.alloc(0);
  let of: LogStream | null = null;
  let begun = '';
  let isAlternate = false;
  let isCursorHidden = false;

  function followScreen(piece: Buffer): void {
    // Searching for one byte costs a tenth of searching for two.
    if (begun === '' && piece.indexOf(ESC) === -1) return;
    const end = piece.subarray(-LONGEST_BEGINNING).toString('latin1');
    if (begun === '' && !BEGUN.test(end) && !KINDS.some((kind) => piece.includes(kind, 0, 'latin1'))) return;
    const text = begun + piece.toString('latin1');
    for (const { groups } of text.matchAll(CHANGES)) {
      const isSet = groups?.set === 'h';
      const modes = groups?.modes?.split(';');
      if (!modes || modes.some((mode) => ALTERNATE.includes(mode))) isAlternate = isSet;
      if (!modes || modes.includes('25')) isCursorHidden = modes !== undefined && !isSet;
    }
    begun = BEGUN.exec(text)?.[0] ?? '';
  }

  return {
    add(bytes, stream) {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      followScreen(piece);
      const end = piece.lastIndexOf(LINE_FEED);
      const rest = piece.subarray(end + 1);
      const before = end === -1 && stream === of ? line : Buffer.alloc(0);
      // A copy: it must not keep the whole piece in memory.
      line = Buffer.concat([before, rest.subarray(-LONGEST)]).subarray(-LONGEST);
      of = stream;
    },
    text() {
      if (line.length === 0) return '';
      const fold = new LineFold();
      const ended = fold.push(line.toString()) + fold.end();
      return plainLine(ended.slice(0, -1));
    },
    get screen() {
      return { isAlternate, isCursorHidden };
    },
  };
}
