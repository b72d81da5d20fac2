import type { TextPlaces } from './text-pieces.ts';

/** Returns which of the texts is in a buffer between two positions; -1 if none is. */
export type FindText = (bytes: Buffer, from: number, end: number) => number;

/** If this many texts have the same hash, somebody wants us to be slow; further ones count as unknown. */
const LONGEST_CHAIN = 32;

/** Indexes texts, so that they can be found by their bytes. */
export function indexTexts(texts: TextPlaces, bytesOf: (piece: number) => Buffer): FindText {
  const { length, pieces, starts, ends } = texts;
  const mask = 2 ** Math.ceil(Math.log2(2 * length + 1)) - 1;
  const heads = new Int32Array(mask + 1).fill(-1);
  const following = new Int32Array(length);
  for (let item = length - 1; item >= 0; item -= 1) {
    const bytes = bytesOf(pieces[item] as number);
    const slot = hashOf(bytes, starts[item] as number, ends[item] as number) & mask;
    following[item] = heads[slot] as number;
    heads[slot] = item;
  }
  return (other, from, end) => {
    let item = heads[hashOf(other, from, end) & mask] as number;
    for (let step = 0; item !== -1 && step < LONGEST_CHAIN; step += 1) {
      const bytes = bytesOf(pieces[item] as number);
      if (bytes.compare(other, from, end, starts[item], ends[item]) === 0) return item;
      item = following[item] as number;
    }
    return -1;
  };
}

/** FNV-1a, of 32 bits. */
function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash >>> 0;
}
