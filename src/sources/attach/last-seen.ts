import type { Clock } from '../../clock.ts';
import type { Problem } from '../../model/problem.ts';
import { type PlainText, words } from '../../model/text.ts';

/** When a server was last heard from: what is still shown is that old. */
export interface LastSeen {
  now(): void;
  /** Adds the age of what is shown to a problem, if it is a minute or more. */
  said(problem: Problem): Problem;
}

export function createLastSeen(clock: Clock): LastSeen {
  let at: number | null = null;
  return {
    now() {
      at = clock.monotonic();
    },
    said(problem) {
      const minutes = at === null ? 0 : Math.floor((clock.monotonic() - at) / 60_000);
      if (minutes === 0) return problem;
      return { ...problem, message: words`${problem.message}; last seen ${ageWords(minutes)} ago` };
    },
  };
}

/** Returns an age: `3m`, `5h`, `2d`. */
function ageWords(minutes: number): PlainText {
  if (minutes < 60) return words`${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words`${hours}h` : words`${Math.floor(hours / 24)}d`;
}
