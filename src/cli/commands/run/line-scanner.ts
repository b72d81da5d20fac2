import { stripVTControlCharacters } from 'node:util';
import type { FindProgress, FoundProgress } from './find-progress.ts';

/** Longer lines are no progress that anyone meant to be read. */
const LINE_LIMIT = 2_000;
/** Only the newest progress counts, so no more lines than this are looked at in one piece of output. */
const LINES_LOOKED_AT = 40;

/** Looks for progress in output as it comes in pieces; a bar that redraws its line counts as one line a drawing. */
export function createLineScanner(find: FindProgress): (piece: string) => FoundProgress | null {
  let rest = '';
  return (piece) => {
    const text = rest + piece;
    const lines = lastLines(text);
    rest = (lines.at(-1) ?? '').slice(-LINE_LIMIT);
    for (const line of lines.reverse()) {
      const found = line.length > LINE_LIMIT ? null : find(stripVTControlCharacters(line).trim());
      if (found) return found;
    }
    return null;
  };
}

/** The end of a text as lines, oldest first; the last one may still grow. */
function lastLines(text: string): string[] {
  let from = text.length;
  for (let count = 0; count < LINES_LOOKED_AT && from > 0; count += 1) {
    from = Math.max(text.lastIndexOf('\n', from - 1), text.lastIndexOf('\r', from - 1));
  }
  return text.slice(Math.max(0, from)).split(/[\r\n]+/u);
}
