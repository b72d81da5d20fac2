import type { Job, RunEvent } from '../model/run.ts';
import { createEstimator } from './create-estimator.ts';
import type { EarlierRun, Estimate } from './estimator.ts';
import { jobKey } from './job.ts';
import { isVague } from './shown-estimate.ts';

/** The estimates of one run, from its own events and from earlier runs. Times are ms since its start. */
export interface RunEstimates {
  tell(event: RunEvent): void;
  /** Starts again with the events so far, because the job, or what is known about its earlier runs, has changed. */
  restart(job: Job, earlier: readonly EarlierRun[], told: readonly RunEvent[]): void;
  /** Returns null while nothing is known. */
  at(t: number): Estimate | null;
  /** Tells whether it is too early in the run to show this estimate as a figure. */
  isTooEarly(t: number, estimate: Estimate): boolean;
  /** Returns the end of the band as estimated at `t`: from then on, the run is late. Infinity if there is no figure. */
  latestAt(t: number): number;
}

/** A first run says nothing about its end before this. */
const FIRST_WORD_MS = 5_000;

export function createRunEstimates(firstJob: Job, firstEarlier: readonly EarlierRun[]): RunEstimates {
  let job = firstJob;
  let earlier = firstEarlier;
  let estimator = newEstimator();
  let hasMoved = false;

  function newEstimator() {
    return createEstimator({ steps: job.steps, job: jobKey(job), history: earlier });
  }

  function isFirst({ basis }: Estimate): boolean {
    return basis !== 'reported' && earlier.length === 0;
  }

  function isTooEarly(t: number, estimate: Estimate): boolean {
    return t < FIRST_WORD_MS && isFirst(estimate);
  }

  /**
   * Returns the estimate at a time. While nothing has moved in a first run, it is null: at first, and, if the run has only
   * one step, for as long as that lasts.
   */
  function at(t: number): Estimate | null {
    const estimate = estimator.estimate(t);
    if (!estimate || hasMoved || !isFirst(estimate)) return estimate;
    return job.steps.length === 1 || isTooEarly(t, estimate) ? null : estimate;
  }

  return {
    tell(event) {
      estimator.update(event);
      hasMoved ||= event.status !== 'pending' && (event.status !== 'running' || (event.progress ?? 0) > 0);
    },
    restart(nextJob, nextEarlier, told) {
      job = nextJob;
      earlier = nextEarlier;
      estimator = newEstimator();
      for (const event of told) if (event.step < job.steps.length) estimator.update(event);
    },
    at,
    isTooEarly,
    latestAt(t) {
      const estimate = at(t);
      const isFigure = estimate !== null && !isVague(estimate) && !isTooEarly(t, estimate);
      return isFigure ? t + estimate.highMs : Number.POSITIVE_INFINITY;
    },
  };
}
