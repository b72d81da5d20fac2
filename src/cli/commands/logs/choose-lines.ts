import { createTimeLimit } from '../../../io/time-limit.ts';
import type { LogLine } from '../../../model/log.ts';
import { plainLine } from '../../../model/text.ts';

/** No pattern that is meant to be used takes this long for a batch. */
const LIMIT_MS = 2_000;

/**
 * Returns a function that chooses the lines to print, or null if the pattern takes too long. Lines that taskglass itself has
 * added are always kept.
 */
export function createLineChoice(
  grep: RegExp | null,
  onlyStderr: boolean,
): (lines: readonly LogLine[]) => readonly LogLine[] | null {
  const within = createTimeLimit(LIMIT_MS);
  const isRight = ({ stream }: LogLine) => !onlyStderr || stream === 'stderr' || stream === 'note';
  return (lines) => {
    const right = lines.filter(isRight);
    if (grep === null) return right;
    const plain = right.map(({ text }) => plainLine(text));
    const isChosen = within(() =>
      right.map(({ stream }, at) => stream === 'note' || grep.test(plain[at] ?? '')),
    );
    return isChosen && right.filter((_, at) => isChosen.value[at]);
  };
}
