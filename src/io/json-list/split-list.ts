import { encodingOf } from '../text-encoding.ts';
import type { ByteWindow } from './byte-window.ts';
import { endOfKey, endOfValue, NOT_JSON } from './json-end.ts';
import { createKnownItems } from './known-items.ts';
import type { TextPieces, TextPlaces } from './text-pieces.ts';

const [BACKSLASH, COMMA] = [0x5c, 0x2c] as const;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d] as const;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const FEWEST_ITEMS = 1_024;

/** A JSON document in UTF-8 that is an object with one long list, and where the text of each item is. */
export interface SplitList extends TextPlaces {
  /** The document with an empty list. */
  readonly rest: string;
  /** For each item, the item of the earlier document with the same text; -1 if it is new. */
  readonly same: Int32Array;
}

/**
 * Finds the items of the list `key` of a document, and adds their texts to `texts`. Items that an earlier document also had
 * are recognised by their bytes, and neither examined nor added. Returns null if the document is not JSON, or not an object
 * with that key exactly once and a list under it.
 */
export function splitList(
  window: ByteWindow,
  key: string,
  texts: TextPieces,
  before: SplitList | null,
): SplitList | null {
  const wanted = Buffer.from(JSON.stringify(key));
  const rest: Buffer[] = [];
  let found: Items | null = null;
  const pass = (place: number) => {
    rest.push(Buffer.from(window.bytes.subarray(window.at, place)));
    window.goTo(place);
  };

  window.hold(BYTE_ORDER_MARK.length);
  if (encodingOf(window.bytes) !== 'utf-8') return null;
  if (window.bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK))
    window.goTo(BYTE_ORDER_MARK.length);
  if (window.next() !== OPEN_OBJECT) return null;
  do {
    pass(window.at + 1);
    window.next();
    const after = window.find(endOfKey);
    if (after === NOT_JSON) return null;
    const name = window.bytes.subarray(window.at, after);
    if (name.includes(BACKSLASH)) return null; // it may be another way to write the key
    const isWanted = name.subarray(0, wanted.length).equals(wanted);
    pass(after);
    if (isWanted) {
      if (found || window.next() !== OPEN_LIST) return null;
      pass(window.at + 1);
      found = itemsOf(window, texts, before);
      if (!found) return null;
      pass(window.at + 1);
    } else {
      const end = window.find(endOfValue);
      if (end === NOT_JSON) return null;
      pass(end);
    }
  } while (window.next() === COMMA);
  if (!found || window.next() !== CLOSE_OBJECT) return null;
  pass(window.at + 1);
  return window.next() === undefined ? { ...found, rest: Buffer.concat(rest).toString() } : null;
}

type Items = Omit<SplitList, 'rest'>;

/** Leaves the window at the bracket that ends the list. */
function itemsOf(window: ByteWindow, texts: TextPieces, before: SplitList | null): Items | null {
  const items = createItems(Math.max(FEWEST_ITEMS, before?.length ?? 0));
  const known = before && createKnownItems(window, texts, before);
  if (window.next() === CLOSE_LIST) return items.done();
  for (;;) {
    let as = known?.expected() ?? -1;
    let length = as >= 0 ? lengthOf(before as SplitList, as) : 0;
    if (as < 0) {
      const end = window.find(endOfValue);
      if (end === NOT_JSON) return null;
      length = end - window.at;
      as = known?.find(length) ?? -1;
    }
    if (as >= 0) items.keep(before as SplitList, as);
    else {
      const { piece, start } = texts.add(window.bytes, window.at, window.at + length);
      items.add(piece, start, start + length, -1);
    }
    window.goTo(window.at + length);
    const delimiter = window.next();
    if (delimiter === CLOSE_LIST) return items.done();
    if (delimiter !== COMMA) return null;
    window.goTo(window.at + 1);
    window.next();
  }
}

function lengthOf({ starts, ends }: TextPlaces, item: number): number {
  return (ends[item] as number) - (starts[item] as number);
}

function createItems(expected: number) {
  let pieces = new Uint32Array(expected);
  let starts = new Uint32Array(expected);
  let ends = new Uint32Array(expected);
  let same = new Int32Array(expected);
  let length = 0;

  function grown<T extends Uint32Array | Int32Array>(array: T, larger: T): T {
    larger.set(array);
    return larger;
  }

  function grow(): void {
    const room = 2 * length;
    pieces = grown(pieces, new Uint32Array(room));
    starts = grown(starts, new Uint32Array(room));
    ends = grown(ends, new Uint32Array(room));
    same = grown(same, new Int32Array(room));
  }

  function add(piece: number, start: number, end: number, as: number): void {
    if (length === starts.length) grow();
    pieces[length] = piece;
    starts[length] = start;
    ends[length] = end;
    same[length] = as;
    length += 1;
  }

  return {
    add,
    /** Adds an item that is where it was before. */
    keep: (before: TextPlaces, as: number) =>
      add(before.pieces[as] as number, before.starts[as] as number, before.ends[as] as number, as),
    done: (): Items => ({ length, pieces, starts, ends, same }),
  };
}
