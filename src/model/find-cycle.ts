/**
 * Finds a cycle that can be reached from one of `starts`: its ids in order, the first one again at the end; null if
 * there is none. Walks with a list of its own, so that chains of a hundred thousand do not exhaust the stack.
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
