import { createPlacesOfIds } from './places-of-ids.ts';

/**
 * The items of a document's list, some of which may be replaced while the others remain as they were read from their
 * sources, `S`. `F` is a finding: something odd about an item.
 */
export interface ItemList<T, F, S> {
  /**
   * Sets the length of the list. The items of the runs in `kept` (position, previous position, count) are kept; the others
   * have yet to be `put`. Returns the sources of the removed items.
   */
  rearrange(length: number, kept: ArrayLike<number>): S[];
  put(place: number, source: S): void;
  /** Returns what the item at a position is read from; undefined if it has not been put yet. */
  sourceAt(place: number): S | undefined;
  /** The items that were put need not be held: an item that is needed again is read again. */
  release(): void;
  /** Returns the ids of the items that may have changed, or been removed, since the last call. */
  takeTouched(): string[];
  /** Returns what the item with this id was read from; if several have the id, the one that counts. */
  sourceOf(nativeId: string): S | null;
  /** Returns the item with this id; if several have it, the one that counts. Null if there is none. */
  get(nativeId: string): T | null;
  /** Returns all items that count, in order. */
  items(): T[];
  /** Returns the number of findings, and the first of them. */
  findings(): { readonly count: number; readonly first: Found<F> | null };
}

export interface Found<F> {
  readonly place: number;
  readonly finding: F;
}

/** The result of reading an item, whose `item` is null if it could not be read. */
export interface ReadItem<T, F> {
  readonly item: T | null;
  readonly findings: readonly F[];
}

interface Slot<T, F, S> {
  place: number;
  readonly source: S;
  /** Null if the item could not be read. */
  readonly nativeId: string | null;
  /** Null once it is no longer held. */
  item: T | null;
  readonly findings: readonly F[];
}

export function createItemList<T extends { readonly nativeId: string }, F, S>(options: {
  readonly read: (source: S) => ReadItem<T, F>;
  /** Makes the finding for an id that occurs again. */
  readonly repeated: (nativeId: string) => F;
  /** Of two items with one id, the first one counts, unless the later one is a newer state of the same thing. */
  readonly supersedes?: ((later: T, first: T) => boolean) | undefined;
  /** At most this many items are kept. */
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
      for (const nativeId of ids.repeated) touched.add(nativeId); // the first item with that id may be a different one now
      return moved.dropped.map(({ source }) => source);
    },
    put(place, source) {
      const { item, findings } = read(source);
      add({ place, source, nativeId: item?.nativeId ?? null, item, findings });
    },
    sourceAt: (place) => slots[place]?.source,
    release() {
      // Items that share an id stay, because they are compared with each other again and again.
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

/**
 * Returns the slots in their new positions, those that have no position any more, and the copies of those that have several.
 */
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

/** Tells whether nothing has changed its position. */
function isInPlace(kept: ArrayLike<number>): boolean {
  for (let run = 0; run < kept.length; run += 3) if (kept[run] !== kept[run + 1]) return false;
  return true;
}

/**
 * Returns the same if nothing has changed its position: of a hundred thousand slots, it visits only those that are not kept.
 */
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
