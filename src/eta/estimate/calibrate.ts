import type { EarlierRun } from '../estimator.ts';
import { createForecast } from './forecast.ts';
import { learnJob } from './job-model.ts';
import { PRIORS } from './priors.ts';

/** How many of the last runs are predicted again, and from how many runs before each. More would not be worth the time. */
const RUNS_TRIED = 3;
const RUNS_BEFORE = 4;
/** Each run is divided into this many equal parts, and predicted between them. */
const PLACES = 16;
/** A single run counts as no more than this factor above or below the expected errors. */
const MOST = 4;

/**
 * Returns how many times as large as expected the errors for this job have been, shrunk towards 1. Predicts its last runs
 * from the runs before them, and compares the deviation within which four in five errors lie with the expected one.
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

/** Returns the errors of the logarithm, in units of the expected deviation. */
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
