import { NOT_JSON, skipSpace } from './json-end.ts';

/** Gives the bytes of a document from its beginning to its end: fills as much of `into` as there is, 0 at the end. */
export type ReadBytes = (into: Uint8Array) => number;

/** A part of a document, which is read from one place on and moves along, so that never all of it is held. */
export interface ByteWindow {
  /** What is held of the document. */
  readonly bytes: Buffer;
  /** The place in `bytes` up to which all is done. */
  readonly at: number;
  /** Goes on to a place in `bytes`. */
  goTo(place: number): void;
  /** Returns the next byte that is no white space, and goes to it; undefined at the end. */
  next(): number | undefined;
  /** Returns the place that `find` finds from here on; it is asked again if more of the document may tell something else. */
  find(find: (bytes: Buffer, from: number) => number): number;
  /** Holds so many bytes from here on, or as many as there are. Places in `bytes` are others afterwards, but for `at`. */
  hold(length: number): void;
}

/** `firstRoom` is where the bytes are held, unless an item needs more. */
export function createByteWindow(read: ReadBytes, firstRoom: Buffer): ByteWindow {
  let room = firstRoom;
  let bytes = room.subarray(0, 0);
  let at = 0;
  let isAtEnd = false;

  /** Forgets what is done, and reads on. An item that fills the window gets a larger one. */
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
        // What ends where the window ends may go on.
        if ((found !== NOT_JSON && found < bytes.length) || !more()) return found;
      }
    },
    hold(length) {
      while (bytes.length - at < length && more());
    },
  };
}
