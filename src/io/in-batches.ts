/** So many files are opened at a time. */
const AT_ONCE = 32;

/** Does the same with each of many files, a few at a time; the results are in their order. */
export async function inBatches<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(action))));
  return results;
}
