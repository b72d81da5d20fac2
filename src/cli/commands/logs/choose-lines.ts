import { createTimeLimit } from '../../../io/time-limit.ts';
import type { LogLine } from '../../../model/log.ts';
import { plainLine } from '../../../model/text.ts';

/** Longer than any pattern takes for a batch that is meant to be searched. */
const LIMIT_MS = 2_000;

/** Chooses the lines to print; null if the pattern takes too long. What taskglass notes itself is always among them. */
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
