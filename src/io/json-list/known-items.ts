import type { ByteWindow } from './byte-window.ts';
import { skipSpace } from './json-end.ts';
import { type FindText, indexTexts } from './text-index.ts';
import type { TextPieces, TextPlaces } from './text-pieces.ts';

const [COMMA, CLOSE_LIST] = [0x2c, 0x5d] as const;

/** Recognises the items of an earlier document in a newer one, which lists most of them in the same order. */
export interface KnownItems {
  /** Returns the expected item, if it is at the window's position; otherwise -1. */
  expected(): number;
  /** Returns the item of this many bytes that is there instead of the expected one; -1 if it is not a known one. */
  find(length: number): number;
}

export function createKnownItems(window: ByteWindow, texts: TextPieces, before: TextPlaces): KnownItems {
  const { pieces, starts, ends } = before;
  let next = 0;
  let recognised = 0;
  let find: FindText | null = null;

  /** Positions are relative to the window's own, which stays correct as the window moves. */
  function isAt(item: number, from: number): boolean {
    if (item >= before.length) return false;
    const [start, end] = [starts[item] as number, ends[item] as number];
    const length = end - start;
    window.hold(from + length + 1);
    const [at, after] = [window.at + from, window.at + from + length];
    if (after >= window.bytes.length || !isDelimiter(window.bytes[after])) return false;
    return texts.bytesOf(pieces[item] as number).compare(window.bytes, at, after, start, end) === 0;
  }

  function afterSpace(from: number): number {
    for (let at = from; ; ) {
      window.hold(at + 1);
      const to = skipSpace(window.bytes, window.at + at) - window.at;
      if (to === at || window.at + to < window.bytes.length) return to;
      at = to;
    }
  }

  function recognise(item: number): number {
    next = item + 1;
    recognised += 1;
    return item;
  }

  /** Tells whether only the expected item was replaced by another. */
  function isReplaced(length: number): boolean {
    const after = afterSpace(length);
    if (window.bytes[window.at + after] === CLOSE_LIST) return next + 1 === before.length;
    return isAt(next + 1, afterSpace(after + 1));
  }

  return {
    expected: () => (isAt(next, 0) ? recognise(next) : -1),
    find(length) {
      if (recognised === before.length) return -1;
      if (isReplaced(length)) {
        next += 1;
        return -1;
      }
      find ??= indexTexts(before, texts.bytesOf);
      const item = find(window.bytes, window.at, window.at + length);
      return item === -1 ? -1 : recognise(item);
    },
  };
}

/** Tells whether a value ends before this byte: in ` 12` there is no 1. */
function isDelimiter(byte: number | undefined): boolean {
  return (
    byte === COMMA || byte === CLOSE_LIST || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
  );
}
