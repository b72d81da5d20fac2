/**
 * A circle that can be reached from one of `starts`: its ids in order, the first one again at the end; null where
 * there is none. Walks with a list of its own: chains of a hundred thousand are no reason to run out of stack.
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

/** The known ids that look most like `wanted`, at most three: for who mistyped it. */
export function nearestIds(wanted: string, known: readonly string[]): string[] {
  const limit = Math.floor(wanted.length / 3);
  const lower = wanted.toLowerCase();
  return known
    .map((id) => ({ id, distance: distanceOf(lower, id.toLowerCase()) }))
    .filter(({ id, distance }) => distance <= limit || id.toLowerCase().includes(lower))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ id }) => id);
}

/** How many letters have to be put in, left out or changed. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
