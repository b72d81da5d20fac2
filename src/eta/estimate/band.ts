import { PRIORS } from './priors.ts';
import type { Remaining } from './remaining.ts';

/** The 90 % point of the normal distribution: between it and its mirror image lie four in five. */
const Z = 1.2816;

export interface Band {
  readonly lowMs: number;
  readonly highMs: number;
}

/** The doubt in an estimate: what the model knows of, and what past errors have shown besides. */
export function doubtOf({ variance }: Remaining, runs: number): number {
  const unknown = runs > 0 ? PRIORS.bandLaterRun : PRIORS.bandFirstRun;
  return PRIORS.bandDoubt * variance + unknown ** 2;
}

/** P10 to P90 around `ms`, log-normal. */
export function bandAround(ms: number, variance: number, passedMs: number): Band {
  const factor = Math.exp(Z * Math.sqrt(variance));
  return { lowMs: ms / factor, highMs: ms * factor + PRIORS.bandOverrun * passedMs };
}
