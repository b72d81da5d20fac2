import { bandAround } from './estimate/band.ts';
import { createForecast } from './estimate/forecast.ts';
import type { JobModel } from './estimate/job-model.ts';
import { learn } from './estimate/learn.ts';
import { combined, createPublisherWord } from './estimate/publisher.ts';
import type { EarlierRun, EstimateBasis, Estimator } from './estimator.ts';

/**
 * Estimates when one run of a task will be done. Pure: time comes with the calls. The method is in docs/eta.md.
 *
 * Earlier runs (`history`, oldest first) say how long each step takes; what this run has done so far says at which
 * pace it goes; the publisher's own figure counts by how right it has been. Without history all steps are alike.
 */
export function createEstimator(options: {
  readonly steps: readonly string[];
  readonly job?: string;
  readonly history?: readonly EarlierRun[];
}): Estimator {
  const { steps, history = [] } = options;
  const { job, publisher, calibration } = learn(steps, history);
  const forecast = createForecast(job);
  const word = createPublisherWord(publisher);

  return {
    update(update) {
      forecast.update(update);
      word.hear(update);
    },
    estimate(t) {
      const own = forecast.left(t);
      const said = word.remaining(forecast.nowMs);
      const left = own && said ? combined(own, said) : (own ?? said);
      if (!left) return null;
      const isSaid = said !== null && said.variance < (own?.variance ?? Number.POSITIVE_INFINITY);
      return {
        remainingMs: left.ms,
        ...bandAround(left.ms, left.variance * calibration ** 2, forecast.nowMs),
        basis: isSaid ? 'reported' : basisOf(job),
      };
    },
  };
}

function basisOf({ runs, steps }: JobModel): EstimateBasis {
  if (runs > 0) return 'history';
  return steps.length > 1 ? 'steps' : 'rate';
}
