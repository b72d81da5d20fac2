import type { Job, RunEvent } from '../model/run.ts';
import { createEstimator } from './create-estimator.ts';
import type { EarlierRun, Estimate } from './estimator.ts';
import { jobKey } from './job.ts';
import { isVague } from './shown-estimate.ts';

/** The estimates of one run, from what it tells and what earlier runs have taught. Times are ms since its start. */
export interface RunEstimates {
  tell(event: RunEvent): void;
  /** The job, or what is known of its earlier runs, is another: begins anew, with what was told so far. */
  restart(job: Job, earlier: readonly EarlierRun[], told: readonly RunEvent[]): void;
  /** null as long as there is nothing to say. */
  at(t: number): Estimate | null;
  /** Tells whether the run is too young for this estimate to be worth a figure. */
  isTooEarly(t: number, estimate: Estimate): boolean;
  /** The end of the band as of `t`: until the next news, passing it means being late. Infinity without a figure. */
  latestAt(t: number): number;
}

/** In its first seconds, a first run has nothing to tell of its end. */
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

  /** Of a first run of which nothing has moved there is nothing to say: at first, and for ever if it is one step. */
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
