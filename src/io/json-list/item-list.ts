import { createPlacesOfIds } from './places-of-ids.ts';

/**
 * The items of a document's list, of which some may be replaced while the others stay as they were read from their sources,
 * `S`. `F` is what may be found to be odd about an item.
 */
export interface ItemList<T, F, S> {
  /**
   * The list has `length` items now. Those of the runs in `kept` (place, place before, how many) are there as before; the
   * others are still to be `put`. Returns the sources of those that have gone.
   */
  rearrange(length: number, kept: ArrayLike<number>): S[];
  put(place: number, source: S): void;
  /** What the item at a place is read from; undefined if it was not put yet. */
  sourceAt(place: number): S | undefined;
  /** The items that were put need not be held: whoever asks for one again has it read again. */
  release(): void;
  /** The ids of the items that may have changed, or gone, since this was last asked. */
  takeTouched(): string[];
  /** What the item that counts of those with this id was read from. */
  sourceOf(nativeId: string): S | null;
  /** The item that counts of those with this id; null if there is none. */
  get(nativeId: string): T | null;
  /** All items that count, in order. */
  items(): T[];
  /** How much is odd about the list, and what comes first in it. */
  findings(): { readonly count: number; readonly first: Found<F> | null };
}

export interface Found<F> {
  readonly place: number;
  readonly finding: F;
}

/** What an item was read as; null if it could not be read. */
export interface ReadItem<T, F> {
  readonly item: T | null;
  readonly findings: readonly F[];
}

interface Slot<T, F, S> {
  place: number;
  readonly source: S;
  /** null for what could not be read. */
  readonly nativeId: string | null;
  /** null once it is not held any more. */
  item: T | null;
  readonly findings: readonly F[];
}

export function createItemList<T extends { readonly nativeId: string }, F, S>(options: {
  readonly read: (source: S) => ReadItem<T, F>;
  /** What is found where an id stands again. */
  readonly repeated: (nativeId: string) => F;
  /** Of two items with one id the first one counts, unless the later one is a newer state of the same thing. */
  readonly supersedes?: ((later: T, first: T) => boolean) | undefined;
  /** How many items are kept at the most. */
  readonly limit: number;
}): ItemList<T, F, S> {
  type ItemSlot = Slot<T, F, S>;
  const { read, supersedes, limit } = options;
  let slots: (ItemSlot | undefined)[] = [];
  const odd = new Set<ItemSlot>();
  const touched = new Set<string>();
  let held: ItemSlot[] = [];

  const ids = createPlacesOfIds<ItemSlot>((later, first) => {
    if (!supersedes) return false;
    const [item, before] = [itemOf(later), itemOf(first)];
    return item !== null && before !== null && supersedes(item, before);
  });

  function itemOf({ nativeId, item, source }: ItemSlot): T | null {
    return nativeId === null ? null : (item ?? read(source).item);
  }

  function add(slot: ItemSlot): void {
    slots[slot.place] = slot;
    ids.add(slot);
    if (slot.findings.length > 0) odd.add(slot);
    if (slot.nativeId === null) return;
    held.push(slot);
    touched.add(slot.nativeId);
  }

  function remove(slot: ItemSlot): void {
    odd.delete(slot);
    ids.remove(slot);
    if (slot.nativeId !== null) touched.add(slot.nativeId);
  }

  return {
    rearrange(length, kept) {
      const moved = (isInPlace(kept) ? slotsInPlace : movedSlots)(slots, Math.min(length, limit), kept);
      slots = moved.slots;
      for (const slot of moved.dropped) remove(slot);
      ids.moved();
      for (const slot of moved.doubled) add(slot);
      for (const nativeId of ids.repeated) touched.add(nativeId); // another one may be the first now
      return moved.dropped.map(({ source }) => source);
    },
    put(place, source) {
      const { item, findings } = read(source);
      add({ place, source, nativeId: item?.nativeId ?? null, item, findings });
    },
    sourceAt: (place) => slots[place]?.source,
    release() {
      // Those of one id are compared with each other again and again.
      for (const slot of held) if (!ids.repeated.has(slot.nativeId as string)) slot.item = null;
      held = [];
    },
    sourceOf: (nativeId) => ids.get(nativeId)?.source ?? null,
    takeTouched() {
      const ids = [...touched];
      touched.clear();
      return ids;
    },
    get(nativeId) {
      const winner = ids.get(nativeId);
      return winner && itemOf(winner);
    },
    items: () =>
      slots.flatMap((slot) => {
        if (!slot || slot.nativeId === null) return [];
        if (!ids.repeated.has(slot.nativeId)) return itemOf(slot) ?? [];
        const { winner, first } = ids.contest(slot.nativeId);
        return winner && first === slot.place ? (itemOf(winner) ?? []) : [];
      }),
    findings() {
      const lost = new Set([...ids.repeated].flatMap((nativeId) => ids.contest(nativeId).losers));
      let [count, first]: [number, Found<F> | null] = [0, null];
      const find = ({ place }: ItemSlot, finding: F) => {
        count += 1;
        if (!first || place < first.place) first = { place, finding };
      };
      for (const slot of lost) find(slot, options.repeated(slot.nativeId as string));
      for (const slot of odd) if (!lost.has(slot)) for (const finding of slot.findings) find(slot, finding);
      return { count, first };
    },
  };
}

interface MovedSlots<T, F, S> {
  readonly slots: (Slot<T, F, S> | undefined)[];
  readonly dropped: readonly Slot<T, F, S>[];
  readonly doubled: readonly Slot<T, F, S>[];
}

/** Returns the slots in their new places, those that are in no place any more, and the copies of those that are in several. */
function movedSlots<T, F, S>(
  before: readonly (Slot<T, F, S> | undefined)[],
  length: number,
  kept: ArrayLike<number>,
): MovedSlots<T, F, S> {
  const slots: (Slot<T, F, S> | undefined)[] = new Array(length);
  const isKept = new Uint8Array(before.length);
  const doubled: Slot<T, F, S>[] = [];
  for (let run = 0; run < kept.length; run += 3) {
    const [place = 0, since = 0, count = 0] = [kept[run], kept[run + 1], kept[run + 2]];
    for (let step = 0; step < count; step += 1) {
      const slot = before[since + step];
      if (!slot) continue;
      if (isKept[since + step]) doubled.push({ ...slot, place: place + step });
      else slots[place + step] = slot;
      isKept[since + step] = 1;
    }
  }
  for (let place = 0; place < slots.length; place += 1) {
    const slot = slots[place];
    if (slot) slot.place = place;
  }
  const dropped = before.filter((slot, place): slot is Slot<T, F, S> => slot !== undefined && !isKept[place]);
  return { slots, doubled, dropped };
}

/** Tells whether nothing has another place than before. */
function isInPlace(kept: ArrayLike<number>): boolean {
  for (let run = 0; run < kept.length; run += 3) if (kept[run] !== kept[run + 1]) return false;
  return true;
}

/** Returns the same if nothing has another place: of a hundred thousand, only those that are not kept are looked at. */
function slotsInPlace<T, F, S>(
  slots: (Slot<T, F, S> | undefined)[],
  length: number,
  kept: ArrayLike<number>,
): MovedSlots<T, F, S> {
  const dropped: Slot<T, F, S>[] = [];
  const drop = (from: number, end: number) => {
    for (let place = from; place < end; place += 1) {
      const slot = slots[place];
      if (slot) dropped.push(slot);
      slots[place] = undefined;
    }
  };
  let from = 0;
  for (let run = 0; run < kept.length; run += 3) {
    const [place = 0, count = 0] = [kept[run], kept[run + 2]];
    drop(from, place);
    from = place + count;
  }
  drop(from, slots.length);
  for (let place = slots.length; place < length; place += 1) slots.push(undefined);
  slots.length = length;
  return { slots, doubled: [], dropped };
}
