import { createTimeLimit } from '../../io/time-limit.ts';
import type { Found } from './found.ts';
import type { FindProgress } from './pattern.ts';

/** No signal and no output waits longer than this for a pattern. */
const LIMIT_MS = 200;
/** After this many slow searches, the pattern is given up, */
const PATIENCE = 3;
/** unless this many searches in between were fast: then the machine was busy with something else. */
const FORGIVEN_AFTER = 20;

/** Returns the newest progress in lines, given oldest first. */
export type FindInLines = (lines: readonly string[]) => Found | null;

/**
 * Searches with a pattern that nobody has tested: some would take years for a line of forty characters. A search that takes too
 * long is interrupted; after the third within a short while, searching stops and `onTooSlow` is called.
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
