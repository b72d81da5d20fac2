/** An item in a list, with its id. */
interface Placed {
  readonly place: number;
  readonly nativeId: string | null;
}

/** The result for one id: which item counts, where the first one is, and which are left out. */
export interface Contest<S> {
  readonly winner: S | null;
  readonly first: number;
  readonly losers: readonly S[];
}

/** Finds items by their ids. */
export interface PlacesOfIds<S> {
  add(slot: S): void;
  remove(slot: S): void;
  contest(nativeId: string): Contest<S>;
  /** Slots have changed their positions. */
  moved(): void;
  /** Returns the item that counts. */
  get(nativeId: string): S | null;
  /** The ids that occur in several places. */
  readonly repeated: ReadonlySet<string>;
}

/** Of the items with one id, the first one counts, unless a later one `isNewer`. Most ids occur only once. */
export function createPlacesOfIds<S extends Placed>(
  isNewer: (later: S, first: S) => boolean,
): PlacesOfIds<S> {
  const places = new Map<string, S | Set<S>>();
  const repeated = new Set<string>();
  /** A million items with one id are compared once, and not for each of them. */
  const decided = new Map<string, Contest<S>>();

  function contest(nativeId: string): Contest<S> {
    const known = decided.get(nativeId);
    if (known) return known;
    const there = places.get(nativeId);
    const [first, ...others] = (there instanceof Set ? [...there] : there ? [there] : []).sort(
      (a, b) => a.place - b.place,
    );
    const losers: S[] = [];
    let winner = first ?? null;
    for (const later of others) {
      if (winner && isNewer(later, winner)) winner = later;
      else losers.push(later);
    }
    const contest = { winner, first: first?.place ?? -1, losers };
    if (there instanceof Set) decided.set(nativeId, contest);
    return contest;
  }

  return {
    add(slot) {
      const { nativeId } = slot;
      if (nativeId === null) return;
      const there = places.get(nativeId);
      decided.delete(nativeId);
      if (there instanceof Set) there.add(slot);
      else if (there === undefined) places.set(nativeId, slot);
      else {
        places.set(nativeId, new Set([there, slot]));
        repeated.add(nativeId);
      }
    },
    remove(slot) {
      const { nativeId } = slot;
      if (nativeId === null) return;
      const there = places.get(nativeId);
      decided.delete(nativeId);
      if (there === slot) places.delete(nativeId);
      if (!(there instanceof Set)) return;
      there.delete(slot);
      if (there.size > 1) return;
      const [last] = there;
      if (last) places.set(nativeId, last);
      else places.delete(nativeId);
      repeated.delete(nativeId);
    },
    moved: () => decided.clear(),
    contest,
    get(nativeId) {
      const there = places.get(nativeId);
      return there instanceof Set ? contest(nativeId).winner : (there ?? null);
    },
    repeated,
  };
}
