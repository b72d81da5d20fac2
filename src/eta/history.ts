import { median } from '../model/median.ts';
import type { BandScore, FinishedRun, Job } from '../model/run.ts';
import type { EarlierRun } from './estimator.ts';

/** What is remembered about earlier runs. Never throws: runs that cannot be read are treated as unknown. */
export interface RunHistory {
  /** Returns runs of the job itself, else of the same name with other steps, else of other jobs with the same steps. */
  runsLike(job: Job): EarlierRuns;
  /** Returns how long the job itself usually takes, ms; null if it was never seen to complete. */
  usualMs(job: Job): number | null;
  /** Returns how many ends came within the band of their estimate; null if nothing can be read. */
  score(): BandScore | null;
  /** Adds runs. Those that are known already, also from another process, are not added again. */
  learn(runs: readonly FinishedRun[]): void;
  close(): void;
}

/** Completed runs, oldest first, and what they have in common with the job that was asked for. */
export interface EarlierRuns {
  readonly of: 'job' | 'name' | 'steps';
  readonly runs: readonly EarlierRun[];
}

export const NO_RUNS: EarlierRuns = { of: 'job', runs: [] };

/** Returns how long a job usually takes, ms: the median, or null without runs. */
export function usualDuration(runs: readonly Pick<EarlierRun, 'durationMs'>[]): number | null {
  return median(runs.map(({ durationMs }) => durationMs));
}

/**
 * Returns how many times as long as its publisher had reported earlier runs took (the median); null if it never reported.
 */
export function publisherFactor(runs: readonly EarlierRun[]): number | null {
  return median(
    runs.flatMap(({ events, durationMs }) => {
      const factors = events.flatMap(({ t, reportedMs }) =>
        reportedMs === undefined || reportedMs <= 0 || t >= durationMs ? [] : [(durationMs - t) / reportedMs],
      );
      return median(factors) ?? [];
    }),
  );
}
