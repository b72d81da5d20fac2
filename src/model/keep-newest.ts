/** Removes the oldest entries of a map until at most `most` are left. An entry's age counts from when its key was first set. */
export function keepNewest(map: Map<unknown, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
