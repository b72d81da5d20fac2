import { median } from '../model/median.ts';
import type { BandScore, FinishedRun, Job } from '../model/run.ts';
import type { EarlierRun } from './estimator.ts';

/** What is remembered of earlier runs. Never throws: what cannot be read is as if it had never been. */
export interface RunHistory {
  /** Those of the job itself, else of the same name with other steps, else of other jobs with the same steps. */
  runsLike(job: Job): EarlierRuns;
  /** How long the job itself usually takes, ms; null if it was never seen to complete. */
  usualMs(job: Job): number | null;
  /** How well the bands have held so far; null if nothing can be read. */
  score(): BandScore | null;
  /** What was learnt before, here or elsewhere, is not learnt again. */
  learn(runs: readonly FinishedRun[]): void;
  close(): void;
}

/** Completed runs, oldest first, and what they have in common with the job that was asked for. */
export interface EarlierRuns {
  readonly of: 'job' | 'name' | 'steps';
  readonly runs: readonly EarlierRun[];
}

export const NO_RUNS: EarlierRuns = { of: 'job', runs: [] };

/** How long a job usually takes, ms: the median. null without runs. */
export function usualDuration(runs: readonly Pick<EarlierRun, 'durationMs'>[]): number | null {
  return median(runs.map(({ durationMs }) => durationMs));
}

/**
 * How many times longer it took than the publisher itself had said, in the middle of the earlier runs; null if it
 * never said.
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
