import type { EarlierRun, Estimate, Estimator, ProgressUpdate } from './estimator.ts';

/** How wide the band is around a plain extrapolation: half to twice, as first runs have shown. */
const LOW_SHARE = 0.5;
const HIGH_SHARE = 2;

/**
 * Estimates when one run of a task will be done. Pure: time comes with the calls.
 *
 * The publisher's own figure counts where there is one; else the pace so far, taken at the last update, so that the
 * estimated end moves with news and not with time. `history` (oldest first) is not used yet.
 */
export function createEstimator(options: {
  readonly steps: readonly string[];
  readonly job?: string;
  readonly history?: readonly EarlierRun[];
}): Estimator {
  const shares = new Float64Array(Math.max(1, options.steps.length));
  let end: { at: number; basis: Estimate['basis'] } | null = null;

  return {
    update(update) {
      if (update.step >= 0 && update.step < shares.length) shares[update.step] = shareDone(update);
      end = reportedEnd(update) ?? paceEnd(update.t, shares) ?? end;
    },
    estimate(t) {
      if (!end) return null;
      const remainingMs = Math.max(0, end.at - t);
      return {
        remainingMs,
        lowMs: remainingMs * LOW_SHARE,
        highMs: remainingMs * HIGH_SHARE,
        basis: end.basis,
      };
    },
  };
}

function shareDone({ status, progress }: ProgressUpdate): number {
  if (status === 'completed' || status === 'skipped') return 1;
  if (status !== 'running' || progress === undefined || !Number.isFinite(progress)) return 0;
  return Math.min(100, Math.max(0, progress)) / 100;
}

function reportedEnd({ t, reportedMs }: ProgressUpdate): { at: number; basis: 'reported' } | null {
  if (reportedMs === undefined || !Number.isFinite(reportedMs) || reportedMs < 0) return null;
  return { at: t + reportedMs, basis: 'reported' };
}

/** The rule of three over what is done, at the moment it was reported. */
function paceEnd(t: number, shares: Float64Array): { at: number; basis: 'steps' | 'rate' } | null {
  const done = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  if (done <= 0 || t <= 0) return null;
  return { at: t / done, basis: shares.length > 1 ? 'steps' : 'rate' };
}
