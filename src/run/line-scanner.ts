import { stripVTControlCharacters } from 'node:util';
import type { FindProgress, FoundProgress } from './find-progress.ts';

/** Longer lines are no progress that anyone meant to be read. */
const LINE_LIMIT = 2_000;
const LINE_END = /[\r\n]+/u;
/** Only the newest progress counts, so no more than this is looked at in one piece of output. */
const LOOKED_AT = 4 * LINE_LIMIT;

/** Takes one piece of output; returns the newest progress in it. */
export type LineScanner = (piece: string) => FoundProgress | null;

/** Looks for progress in output as it comes in pieces; a bar that redraws its line counts as one line a drawing. */
export function createLineScanner(find: FindProgress): LineScanner {
  let rest = '';
  return (piece) => {
    const text = rest + piece;
    const lines = text.slice(-LOOKED_AT).split(LINE_END);
    // One too long stays too long when its end arrives.
    rest = (lines.at(-1) ?? '').slice(-LINE_LIMIT - 1);
    // A line whose beginning was cut off reads wrong: "157%" as 57.
    if (text.length > LOOKED_AT) lines.shift();
    for (const line of lines.reverse()) {
      const found = line.length > LINE_LIMIT ? null : find(stripVTControlCharacters(line).trim());
      if (found) return found;
    }
    return null;
  };
}
