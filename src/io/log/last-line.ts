import { plainName } from '../../model/text.ts';

/** How many of the newest lines are examined. */
const LOOKED_AT = 20;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** Returns the last line with a letter or digit; null if none of the newest has any. Each line must have its line end. */
export function lastLineThatSays(lines: string): string | null {
  let to = lines.length - 1;
  for (let looked = 0; looked < LOOKED_AT && to > 0; looked += 1) {
    const from = lines.lastIndexOf('\n', to - 1) + 1;
    const line = lines.slice(from, to);
    if (SAYS_SOMETHING.test(plainName(line))) return line;
    to = from - 1;
  }
  return null;
}
