/**
 * Finds a cycle that can be reached from one of `starts`. Returns its ids in order, with the first one repeated at the
 * end, or null if there is none. Does not recurse: chains of a hundred thousand would exhaust the stack.
 */
export function findCycle(
  starts: readonly string[],
  dependenciesOf: (id: string) => readonly string[],
): string[] | null {
  const isHarmless = new Set<string>();
  for (const start of starts) {
    const way: { readonly id: string; readonly rest: string[] }[] = [];
    const onWay = new Set<string>();
    const enter = (id: string) => {
      way.push({ id, rest: [...dependenciesOf(id)] });
      onWay.add(id);
    };
    if (!isHarmless.has(start)) enter(start);
    for (let here = way.at(-1); here; here = way.at(-1)) {
      const next = here.rest.shift();
      if (next === undefined) {
        isHarmless.add(here.id);
        onWay.delete(here.id);
        way.pop();
      } else if (onWay.has(next)) {
        const ids = way.map(({ id }) => id);
        return [...ids.slice(ids.indexOf(next)), next];
      } else if (!isHarmless.has(next)) enter(next);
    }
  }
  return null;
}
