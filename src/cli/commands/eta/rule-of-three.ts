import type { Estimator, ProgressUpdate } from '../../../eta/estimator.ts';

/**
 * Creates the estimator that most tools use, for comparison: the elapsed time, times what is left, divided by what is done,
 * with all steps weighted equally.
 */
export function createRuleOfThree({ steps }: { readonly steps: readonly string[] }): Estimator {
  const shares = new Float64Array(steps.length);
  return {
    update({ step, status, progress }: ProgressUpdate) {
      if (status === 'completed') shares[step] = 1;
      else if (status === 'running' && progress !== undefined)
        shares[step] = Math.max(shares[step] ?? 0, progress / 100);
    },
    estimate(t) {
      const done = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      if (!(done > 0)) return null;
      const remainingMs = (t * (1 - done)) / done;
      return { remainingMs, lowMs: Number.NaN, highMs: Number.NaN, basis: 'rate' };
    },
  };
}
