import { NOT_JSON, skipSpace } from './json-end.ts';

/**
 * Reads a document from its beginning to its end: fills `into` as far as possible, and returns how much that was, 0 at the
 * end.
 */
export type ReadBytes = (into: Uint8Array) => number;

/** A part of a document that moves along as the document is read, so that it is never held as a whole. */
export interface ByteWindow {
  /** The part of the document that is held. */
  readonly bytes: Buffer;
  /** The position in `bytes` up to which everything is done. */
  readonly at: number;
  /** Advances to a position in `bytes`. */
  goTo(place: number): void;
  /** Returns the next byte that is not white space, and advances to it; undefined at the end. */
  next(): number | undefined;
  /**
   * Returns the position that `find` finds from here on. It is called again if more of the document might change its result.
   */
  find(find: (bytes: Buffer, from: number) => number): number;
  /**
   * Holds this many bytes from here on, or as many as there are. Afterwards, positions in `bytes` are different, except
   * `at`.
   */
  hold(length: number): void;
}

/** `firstRoom` is the memory for the bytes, unless an item needs more. */
export function createByteWindow(read: ReadBytes, firstRoom: Buffer): ByteWindow {
  let room = firstRoom;
  let bytes = room.subarray(0, 0);
  let at = 0;
  let isAtEnd = false;

  /** Drops what is done, and reads on. If an item fills the window, the window grows. */
  function more(): boolean {
    if (isAtEnd) return false;
    const rest = bytes.subarray(at);
    const to = rest.length > room.length / 2 ? Buffer.allocUnsafeSlow(2 * room.length) : room;
    let filled = rest.copy(to);
    while (filled < to.length && !isAtEnd) {
      const count = read(to.subarray(filled));
      isAtEnd = count === 0;
      filled += count;
    }
    room = to;
    bytes = room.subarray(0, filled);
    at = 0;
    return true;
  }

  return {
    get bytes() {
      return bytes;
    },
    get at() {
      return at;
    },
    goTo(place) {
      at = place;
    },
    next() {
      do at = skipSpace(bytes, at);
      while (at === bytes.length && more());
      return bytes[at];
    },
    find(find) {
      for (;;) {
        const found = find(bytes, at);
        // What ends at the end of the window may continue.
        if ((found !== NOT_JSON && found < bytes.length) || !more()) return found;
      }
    },
    hold(length) {
      while (bytes.length - at < length && more());
    },
  };
}
