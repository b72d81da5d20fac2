/** So many files are opened at a time: one after the other each waits for the system, and all at once take all it has. */
const AT_ONCE = 32;

/** Does something with each, a batch at a time; results in the order of the items. Stops before a batch if `isOver`. */
export async function inBatches<T, R>(
  items: readonly T[],
  action: (item: T) => Promise<R>,
  isOver: () => boolean = () => false,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length && !isOver(); from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(action))));
  return results;
}
