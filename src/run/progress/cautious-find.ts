import { createTimeLimit } from '../../io/time-limit.ts';
import type { Found } from './found.ts';
import type { FindProgress } from './pattern.ts';

/** No signal and no output waits for longer. */
const LIMIT_MS = 200;
/** So many times is too much, */
const PATIENCE = 3;
/** unless so many looks in between went well: then the machine was busy with something else. */
const FORGIVEN_AFTER = 20;

/** Returns the newest progress in lines, of which the last is the newest. */
export type FindInLines = (lines: readonly string[]) => Found | null;

/**
 * Looks for a pattern that nobody has tried: some take years for a line of forty characters. What takes too long is
 * broken off; after the third time in a short while it looks no further, and `onTooSlow` hears of it.
 */
export function createCautiousFind(find: FindProgress, onTooSlow: () => void): FindInLines {
  const within = createTimeLimit(LIMIT_MS);
  let patience = PATIENCE;
  return (lines) => {
    if (patience <= 0 || lines.length === 0) return null;
    const looked = within(() => findLast(lines, find));
    if (looked) {
      patience = Math.min(PATIENCE, patience + 1 / FORGIVEN_AFTER);
      return looked.value;
    }
    patience -= 1;
    if (patience <= 0) onTooSlow();
    return null;
  };
}

function findLast(lines: readonly string[], find: FindProgress): Found | null {
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const found = find((lines[at] ?? '').trim());
    if (found) return found;
  }
  return null;
}
