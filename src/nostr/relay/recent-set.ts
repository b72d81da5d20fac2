/** A set of bounded size that forgets the items that were added first: it keeps at least the last `capacity`. */
export interface RecentSet<T> {
  has(item: T): boolean;
  add(item: T): void;
}

/** Creates a set of two generations, the older of which is dropped as a whole, so that items need no bookkeeping. */
export function createRecentSet<T>(capacity: number): RecentSet<T> {
  let young = new Set<T>();
  let old = new Set<T>();
  return {
    has: (item) => young.has(item) || old.has(item),
    add(item) {
      young.add(item);
      if (young.size < capacity) return;
      old = young;
      young = new Set();
    },
  };
}
