import type { Clock } from '../../clock.ts';

/** Time that may be spent: a share of the time that passes. At the start, and after a rest, there is some extra. */
export interface TimeBudget {
  /** How long to rest before more may be spent, ms; 0 if there is some left. */
  restMs(): number;
  spend(ms: number): void;
}

/** Creates a budget of time, of which at most `savedMs` can be saved up for a burst. */
export function createTimeBudget(clock: Clock, share: number, savedMs: number): TimeBudget {
  let left = savedMs;
  let countedAt = clock.monotonic();

  function count(): void {
    left = Math.min(savedMs, left + (clock.monotonic() - countedAt) * share);
    countedAt = clock.monotonic();
  }

  return {
    restMs() {
      count();
      return left > 0 ? 0 : -left / share;
    },
    spend(ms) {
      count();
      left -= ms;
    },
  };
}
