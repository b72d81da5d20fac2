import { joined, type PlainText, plainName, words } from './text.ts';

/** Returns a question such as `did you mean list?` with the known words most like `wanted`; null if none is close. */
export function didYouMean(wanted: string, known: readonly string[]): PlainText | null {
  const nearest = nearestWords(wanted, known).map(plainName);
  return nearest.length > 0 ? words`did you mean ${joined(nearest, ', ')}?` : null;
}

/** Returns at most three known words that are most like a mistyped one. */
function nearestWords(wanted: string, known: readonly string[]): string[] {
  const limit = Math.floor(wanted.length / 3);
  const lower = wanted.toLowerCase();
  return known
    .map((word) => ({ word, distance: distanceOf(lower, word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= limit || word.toLowerCase().includes(lower))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ word }) => word);
}

/** Returns how many letters must be added, removed, changed or swapped with a neighbour to turn `a` into `b`. */
function distanceOf(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
