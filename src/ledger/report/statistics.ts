import { median } from '../../model/median.ts';
import type { AttemptOutcome, Durations } from './types.ts';

/** An attempt or a run that has ended. Times are epoch ms. */
export interface End {
  readonly outcome: AttemptOutcome;
  readonly startedAt: number | null;
  readonly endedAt: number;
}

export function countOutcomes(ends: readonly Pick<End, 'outcome'>[]): Record<AttemptOutcome, number> {
  const counts = { completed: 0, failed: 0, cancelled: 0 };
  for (const { outcome } of ends) counts[outcome] += 1;
  return counts;
}

/** Summarises the durations of completed attempts. Failures don't count, because they may happen at once. */
export function durationsOf(ends: readonly End[]): Durations {
  const measured = ends
    .flatMap(({ outcome, startedAt, endedAt }) =>
      outcome === 'completed' && startedAt !== null ? [Math.max(0, endedAt - startedAt)] : [],
    )
    .sort((a, b) => a - b);
  const middleMs = median(measured);
  const medianMs = middleMs === null ? null : Math.round(middleMs);
  return { count: measured.length, medianMs, p95Ms: nearestRank(measured, 0.95) };
}

/** Returns a percentage with one decimal; null if `whole` is 0. */
export function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1000) / 10;
}

/** Returns the mean with one decimal; null if there are no values. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
}

/** Returns a quantile of values in ascending order: the smallest one that at least `share` of them do not exceed. */
function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
