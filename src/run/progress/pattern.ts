import { countOf, type Found, nextBegunOf, percentOf } from './found.ts';

/** Looks for progress in one line of output, without escape sequences. */
export type FindProgress = (line: string) => Found | null;

/**
 * Creates a finder for the user's own pattern: its first group is a percentage or, with a second one, `n` of `m`.
 *
 * @throws SyntaxError if it is not a regular expression, RangeError if it has no group to read from
 */
export function createFindProgress(pattern: string): FindProgress {
  const regex = new RegExp(pattern, 'u');
  if (new RegExp(`${pattern}|`, 'u').exec('')?.length === 1) {
    throw new RangeError('it needs a group around the number, as in (\\d+)%');
  }
  return (line) => {
    const match = regex.exec(line);
    if (!match || match[1] === undefined) return null;
    const [, n, m] = match.map(Number);
    if (n === undefined || match[2] === undefined) return percentOf(Number(match[1]));
    // Everything is done only when the command ends: until then, the last thing is being worked on.
    return n === m ? nextBegunOf(n, n) : countOf(n, Number(m));
  };
}
