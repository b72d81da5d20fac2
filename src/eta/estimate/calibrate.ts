import type { EarlierRun } from '../estimator.ts';
import { createForecast } from './forecast.ts';
import { learnJob } from './job-model.ts';
import { PRIORS } from './priors.ts';

/** The last runs are foretold once more, each by no more runs before it than this: the rest is not worth its time. */
const RUNS_TRIED = 3;
const RUNS_BEFORE = 4;
/** At this many even places. */
const PLACES = 16;
/** One run tells no more than that its errors were this many times what was expected, or one part of it. */
const MOST = 4;

/**
 * How many times as large as expected the errors of this job have been: its last runs are foretold from those before
 * them, and the deviation is compared that four in five of the errors kept within. Shrunk towards 1.
 */
export function calibrate(steps: readonly string[], history: readonly EarlierRun[]): number {
  const first = Math.max(1, history.length - RUNS_TRIED);
  const factors = history.slice(first).flatMap((run, index) => {
    const before = history.slice(Math.max(0, first + index - RUNS_BEFORE), first + index);
    const errors = errorsOf(run, steps, before).sort((one, other) => one - other);
    const deviation = errors[Math.floor(0.8 * (errors.length - 1))];
    return deviation === undefined ? [] : [Math.min(MOST, Math.max(1 / MOST, deviation / Z))];
  });
  const sum = factors.reduce((all, factor) => all + Math.log(factor), 0);
  return Math.exp(sum / (PRIORS.calibrationRuns + factors.length));
}

/** Four in five of a normal distribution lie within this many deviations. */
const Z = 1.2816;

/** The errors of the logarithm, in expected deviations. */
function errorsOf(run: EarlierRun, steps: readonly string[], before: readonly EarlierRun[]): number[] {
  const job = learnJob(steps, before);
  const forecast = createForecast(job);
  let next = 0;
  return Array.from({ length: PLACES - 1 }, (_, index) => {
    const t = (run.durationMs * (index + 1)) / PLACES;
    for (let event = run.events[next]; event && event.t <= t; event = run.events[next]) {
      forecast.update(event);
      next += 1;
    }
    const left = job.runs > 0 ? forecast.left(t) : null;
    if (!left || !(left.ms > 0) || !(run.durationMs > t)) return [];
    return [Math.abs(Math.log((run.durationMs - t) / left.ms)) / Math.sqrt(left.variance)];
  }).flat();
}
