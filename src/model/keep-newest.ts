/** Removes the oldest entries of a map until it has at most `most`. Entries count from when their key was first set. */
export function keepNewest(map: Map<unknown, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
