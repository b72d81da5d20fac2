/** Where texts are in pieces of memory. */
export interface TextPlaces {
  readonly length: number;
  /** For each text: its piece, where it begins, and where it ends. */
  readonly pieces: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** A new piece of memory, or one that is gone if it has no `memory`. */
export interface PieceNews {
  readonly piece: number;
  /** Shared with the thread that reads, so that nothing is copied. */
  readonly memory: SharedArrayBuffer | null;
}

/**
 * The texts of a list's items, each held once, in pieces of shared memory, so that reading a document again takes memory
 * only for what is new in it. A text does not move while a list contains it, and the space wasted as lists change is
 * bounded.
 */
export interface TextPieces {
  /** From now on, nobody needs texts that are not in the last list that was kept. Forgets what has been added since. */
  begin(): void;
  /** Adds the text between two positions. The result says where it is, and is valid until the next one is added. */
  add(bytes: Buffer, from: number, end: number): { readonly piece: number; readonly start: number };
  /**
   * Keeps the texts of this list, and no others. If too little of some pieces is left, moves their texts together, updates
   * `places`, and returns which were moved.
   */
  keep(places: TextPlaces): { readonly moved: readonly number[]; readonly news: readonly PieceNews[] };
  bytesOf(piece: number): Buffer;
}

const PIECE_BYTES = 1024 * 1024;
/** The share of the memory, besides one piece, that may be wasted. The smaller it is, the more compacting costs. */
const MOST_WASTED = 1 / 8;

interface Piece {
  readonly bytes: Buffer;
  end: number;
  endBefore: number;
  /** How many of its bytes are in the list. */
  live: number;
}

export function createTextPieces(pieceBytes = PIECE_BYTES): TextPieces {
  const pieces: (Piece | null)[] = [];
  let current = -1;
  let currentBefore = -1;
  let news: PieceNews[] = [];

  function add(bytes: Buffer, from: number, end: number): { piece: number; start: number } {
    const length = end - from;
    const piece = pieceFor(length);
    const into = pieces[piece] as Piece;
    const start = into.end;
    bytes.copy(into.bytes, start, from, end);
    into.end += length;
    return { piece, start };
  }

  function pieceFor(length: number): number {
    const fits = (piece: Piece | null | undefined) => piece && piece.bytes.length - piece.end >= length;
    if (fits(pieces[current])) return current;
    const empty = pieces.findIndex((piece) => piece?.end === 0 && fits(piece));
    current = empty === -1 ? newPiece(length) : empty;
    return current;
  }

  function newPiece(length: number): number {
    const free = pieces.indexOf(null);
    const piece = free === -1 ? pieces.length : free;
    const memory = new SharedArrayBuffer(Math.max(pieceBytes, length));
    pieces[piece] = { bytes: Buffer.from(memory), end: 0, endBefore: 0, live: 0 };
    news.push({ piece, memory });
    return piece;
  }

  function compact({ length, pieces: of, starts, ends }: TextPlaces, from: ReadonlySet<number>): number[] {
    const moved: number[] = [];
    if (from.size === 0) return moved;
    for (let at = 0; at < length; at += 1) {
      const piece = of[at] as number;
      if (!from.has(piece)) continue;
      const [start, end] = [starts[at] as number, ends[at] as number];
      const to = add((pieces[piece] as Piece).bytes, start, end);
      [of[at], starts[at], ends[at]] = [to.piece, to.start, to.start + end - start];
      moved.push(at);
    }
    return moved;
  }

  /**
   * Gives back the memory of a list that has become shorter, except for what news may need. Giving it back and allocating it
   * each time would let it accumulate until the next garbage collection, which is rare in a thread that allocates little
   * else.
   */
  function dropEmpty(): void {
    const empty = pieces.flatMap((piece, index) => (piece?.end === 0 && index !== current ? [index] : []));
    const used = pieces.reduce((sum, piece) => sum + (piece && piece.end > 0 ? 1 : 0), 0);
    for (const piece of empty.slice(Math.ceil(used * MOST_WASTED))) {
      pieces[piece] = null;
      news.push({ piece, memory: null });
    }
  }

  return {
    begin() {
      for (const piece of pieces) if (piece) piece.end = piece.live === 0 ? 0 : piece.endBefore;
      current = currentBefore;
      dropEmpty();
    },
    add,
    keep(places) {
      countLive(pieces, places);
      const moved = compact(places, wastefulOf(pieces, current, pieceBytes));
      if (moved.length > 0) countLive(pieces, places);
      for (const piece of pieces) if (piece) piece.endBefore = piece.end;
      currentBefore = current;
      const told = news;
      news = [];
      return { moved, news: told };
    },
    bytesOf: (piece) => (pieces[piece] as Piece).bytes,
  };
}

function countLive(held: readonly (Piece | null)[], { length, pieces, starts, ends }: TextPlaces): void {
  for (const piece of held) if (piece) piece.live = 0;
  for (let at = 0; at < length; at += 1) {
    const piece = held[pieces[at] as number];
    if (piece) piece.live += (ends[at] as number) - (starts[at] as number);
  }
}

/** Returns the pieces of which the least is left, as many as have to be given up so that the waste is bounded. */
function wastefulOf(pieces: readonly (Piece | null)[], current: number, spare: number): Set<number> {
  const held = pieces.flatMap((piece, index) =>
    piece && piece.end > 0 && index !== current
      ? [{ index, size: piece.bytes.length, wasted: piece.bytes.length - piece.live }]
      : [],
  );
  const size = held.reduce((sum, one) => sum + one.size, 0);
  let wasted = held.reduce((sum, one) => sum + one.wasted, 0);
  const found = new Set<number>();
  for (const one of held.sort((a, b) => b.wasted - a.wasted)) {
    if (wasted <= size * MOST_WASTED + spare) break;
    found.add(one.index);
    wasted -= one.wasted;
  }
  return found;
}
