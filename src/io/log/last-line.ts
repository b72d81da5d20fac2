import { plainName } from '../../model/text.ts';

/** So many of the newest lines are looked at. */
const LOOKED_AT = 20;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** The last of these lines, each of which has its end, that says something; null if none of the newest does. */
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
