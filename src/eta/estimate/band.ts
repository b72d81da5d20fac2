import { PRIORS } from './priors.ts';
import type { Remaining } from './remaining.ts';

/** The 90 % quantile of the standard normal distribution: four in five values lie between it and its negative. */
const Z = 1.2816;

export interface Band {
  readonly lowMs: number;
  readonly highMs: number;
}

/** Returns the variance of an estimate: that of the model, and what past errors have shown in addition. */
export function doubtOf({ variance }: Remaining, runs: number): number {
  const unknown = runs > 0 ? PRIORS.bandLaterRun : PRIORS.bandFirstRun;
  return PRIORS.bandDoubt * variance + unknown ** 2;
}

/** Returns P10 to P90 around `ms`, log-normal. */
export function bandAround(ms: number, variance: number, passedMs: number): Band {
  const factor = Math.exp(Z * Math.sqrt(variance));
  return { lowMs: ms / factor, highMs: ms * factor + PRIORS.bandOverrun * passedMs };
}
