/** How many files are opened at a time: one by one would be slow, and all at once may be too many for the system. */
const AT_ONCE = 32;

interface BatchOptions {
  /** How many at a time. */
  readonly atOnce?: number;
  /** Called before each batch; true ends the work. */
  readonly isOver?: () => boolean;
}

/** Calls `action` with each item, a batch at a time. Resolves with the results, in the order of the items. */
export async function inBatches<T, R>(
  items: readonly T[],
  action: (item: T) => Promise<R>,
  { atOnce = AT_ONCE, isOver = () => false }: BatchOptions = {},
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length && !isOver(); from += atOnce)
    results.push(...(await Promise.all(items.slice(from, from + atOnce).map(action))));
  return results;
}
