import type { Clock } from '../../clock.ts';

/** Time that may be spent: a share of the time that passes, and at first, and after a rest, some more. */
export interface TimeBudget {
  /** How long to rest before more may be spent, ms; 0 if there is some left. */
  restMs(): number;
  spend(ms: number): void;
}

/** At most `savedMs` are saved for what comes all at once. */
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
