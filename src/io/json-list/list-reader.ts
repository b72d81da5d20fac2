import type { Problem } from '../../model/problem.ts';
import { FILE_LIMIT_BYTES } from '../file-problem.ts';
import { type JsonFault, parseJson, parseLastLine } from '../json-text.ts';
import { readInPieces, readWhole } from '../read-file.ts';
import { decodeText } from '../text-encoding.ts';
import { createByteWindow, type ReadBytes } from './byte-window.ts';
import { type SplitList, splitList } from './split-list.ts';
import { createTextPieces, type PieceNews } from './text-pieces.ts';

/** What has changed in a document with a long list since it was last read; all of it the first time. */
export interface ListNews {
  /** The document with an empty list. */
  readonly rest: string;
  /** How many items the list has now. */
  readonly length: number;
  /** The unchanged items, in runs of three numbers: the first one's position, its previous position, how many there are. */
  readonly kept: Int32Array;
  /** The other items, with the places of their texts. */
  readonly fresh: PlacedTexts;
  /** Items whose texts have moved. Until the next reading, they are also still at their old places. */
  readonly moved: PlacedTexts;
  /** What has changed about the memory that contains the texts. */
  readonly pieces: readonly PieceNews[];
}

/**
 * Items by their positions in the list; for each, three numbers: the piece that contains its text, and where it begins and
 * ends.
 */
export interface PlacedTexts {
  readonly places: Uint32Array;
  readonly texts: Uint32Array;
}

export type ListReading =
  | { readonly kind: 'problem'; readonly problem: Problem; readonly isMissing: boolean }
  | { readonly kind: 'same' }
  | { readonly kind: 'news'; readonly news: ListNews; readonly modifiedAt: number }
  | { readonly kind: 'fault'; readonly fault: JsonFault; readonly modifiedAt: number }
  /** It is JSON, or lines of JSON, of some other shape, which has to be read as a whole. */
  | { readonly kind: 'other' };

/** Reads one file repeatedly; returns only what is new in the list under `key`. */
export interface ListReader {
  /**
   * Resolves with `same` for an unchanged document, unless `evenIfSame`. The previous result must have been processed, because
   * the memory of the items that it removed is reused.
   */
  read(path: string, evenIfSame: boolean): Promise<ListReading>;
}

/** How much of the document is read at a time: many items, but little compared with the document. */
const WINDOW_BYTES = 1024 * 1024;

/** Creates a reader that reports at most `limit` items. */
export function createListReader({ key, limit }: { key: string; limit: number }): ListReader {
  const texts = createTextPieces();
  const room = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  let before: SplitList | null = null;

  function split(read: ReadBytes): SplitList | null {
    texts.begin();
    return splitList(createByteWindow(read, room), key, texts, before);
  }

  function told(list: SplitList, modifiedAt: number, evenIfSame: boolean): ListReading {
    if (!evenIfSame && before && isSame(before, list)) return { kind: 'same' };
    before = list;
    const { moved, news } = texts.keep(list);
    return { kind: 'news', modifiedAt, news: newsOf(list, moved, news, limit) };
  }

  /** Reads a document that cannot be split, to say why. It may have been changed while it was read. */
  async function readFaulty(path: string, evenIfSame: boolean): Promise<ListReading> {
    const found = await readWhole(path, FILE_LIMIT_BYTES);
    if ('problem' in found) return { kind: 'problem', ...found };
    const { bytes, modifiedAt } = found;
    const list = split(readFrom(bytes));
    if (list) return told(list, modifiedAt, evenIfSame);
    const fault = faultOf(bytes);
    if (fault) return { kind: 'fault', fault, modifiedAt };
    before = null;
    return { kind: 'other' };
  }

  return {
    async read(path, evenIfSame) {
      const found = await readInPieces(path, FILE_LIMIT_BYTES, split);
      if ('problem' in found) return { kind: 'problem', ...found };
      const { value, modifiedAt } = found;
      return value ? told(value, modifiedAt, evenIfSame) : readFaulty(path, evenIfSame);
    },
  };
}

function isSame(before: SplitList, now: SplitList): boolean {
  if (now.length !== before.length || now.rest !== before.rest) return false;
  for (let place = 0; place < now.length; place += 1) if (now.same[place] !== place) return false;
  return true;
}

function newsOf(
  split: SplitList,
  moved: readonly number[],
  pieces: readonly PieceNews[],
  limit: number,
): ListNews {
  const { rest, length, same } = split;
  const kept: number[] = [];
  const fresh: number[] = [];
  let due = -1;
  for (let place = 0; place < Math.min(length, limit); place += 1) {
    const was = same[place] as number;
    const isKept = was >= 0 && was < limit;
    if (!isKept) fresh.push(place);
    else if (was === due) kept[kept.length - 1] = (kept.at(-1) as number) + 1;
    else kept.push(place, was, 1);
    due = isKept ? was + 1 : -1;
  }
  return {
    rest,
    length,
    kept: Int32Array.from(kept),
    fresh: placedTexts(fresh, split),
    moved: placedTexts(
      moved.filter((place) => place < limit),
      split,
    ),
    pieces,
  };
}

function placedTexts(places: readonly number[], { pieces, starts, ends }: SplitList): PlacedTexts {
  const texts = new Uint32Array(3 * places.length);
  for (const [index, place] of places.entries()) {
    texts[3 * index] = pieces[place] as number;
    texts[3 * index + 1] = starts[place] as number;
    texts[3 * index + 2] = ends[place] as number;
  }
  return { places: Uint32Array.from(places), texts };
}

function readFrom(bytes: Buffer): ReadBytes {
  let at = 0;
  return (into) => {
    const count = bytes.copy(into, 0, at);
    at += count;
    return count;
  };
}

/** Returns why a text is neither JSON nor lines of JSON; null if it is either. */
function faultOf(bytes: Buffer): JsonFault | null {
  const text = decodeText(bytes);
  const whole = parseJson(text);
  if ('value' in whole) return null;
  if (text.trim().includes('\n') && 'value' in parseLastLine(text)) return null;
  return whole.explain();
}
