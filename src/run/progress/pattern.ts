import { countOf, type Found, percentOf } from './found.ts';

/** Looks for progress in one line of output, without escape sequences. */
export type FindProgress = (line: string) => Found | null;

/**
 * Creates a finder for a pattern of the user's: its first group is a percentage or, with a second one, `n` of `m`.
 *
 * @throws SyntaxError if it is no regular expression, RangeError if it has no group to read from
 */
export function createFindProgress(pattern: string): FindProgress {
  const regex = new RegExp(pattern, 'u');
  if (new RegExp(`${pattern}|`, 'u').exec('')?.length === 1) {
    throw new RangeError('it needs a group around the number, as in (\\d+)%');
  }
  return (line) => {
    const match = regex.exec(line);
    if (!match || match[1] === undefined) return null;
    return match[2] === undefined ? percentOf(Number(match[1])) : countOf(Number(match[1]), Number(match[2]));
  };
}
