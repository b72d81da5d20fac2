/** Nobody retries this often; it limits the work that a forged chain can cause. */
const LONGEST_CHAIN = 1_000;

/** Which request repeats which. There are no cycles: a request that would close one counts as a first attempt. */
export interface Retries {
  add(newId: string, oldId: string): void;
  /** Returns the request that this one repeats. */
  repeated(id: string): string | null;
  /** Returns the requests that repeat this one, in the order in which they were added. */
  repeats(id: string): readonly string[];
  /** Returns the number of this attempt, counted from 1. */
  attempts(id: string): number;
  /** Returns the request and all that repeat it, directly or not. */
  lineage(id: string): readonly string[];
  forget(id: string): void;
}

export function createRetries(): Retries {
  const older = new Map<string, string>();
  const newer = new Map<string, Set<string>>();

  /** Yields the request, the one that it repeats, the one that that repeats, and so on. */
  function* chain(id: string): Iterable<string> {
    let at: string | undefined = id;
    for (let length = 0; at !== undefined && length < LONGEST_CHAIN; length += 1) {
      yield at;
      at = older.get(at);
    }
  }

  return {
    add(newId, oldId) {
      if (older.has(newId) || [...chain(oldId)].includes(newId)) return;
      older.set(newId, oldId);
      newer.set(oldId, (newer.get(oldId) ?? new Set()).add(newId));
    },
    repeated: (id) => older.get(id) ?? null,
    repeats: (id) => [...(newer.get(id) ?? [])],
    attempts: (id) => [...chain(id)].length,
    lineage(id) {
      const found = new Set([id]);
      // Iterating over a set includes what is added meanwhile.
      for (const at of found) {
        for (const repeat of newer.get(at) ?? []) if (found.size < LONGEST_CHAIN) found.add(repeat);
      }
      return [...found];
    },
    forget(id) {
      const oldId = older.get(id);
      older.delete(id);
      if (oldId === undefined) return;
      newer.get(oldId)?.delete(id);
      if (newer.get(oldId)?.size === 0) newer.delete(oldId);
    },
  };
}
