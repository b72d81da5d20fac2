import { foundSteps } from './found-steps.ts';
import { type JobModel, logRatio } from './job-model.ts';
import { PRIORS } from './priors.ts';
import type { StepState } from './run-state.ts';

/** How many times as long as usual everything takes in this run: the normal distribution of its logarithm. */
export interface Pace {
  readonly mean: number;
  readonly variance: number;
}

/** A running step: how long it takes after its last report at the usual pace, and its own pace so far. */
export interface RunningStep {
  readonly usualLeftMs: number;
  /** The time since its last report, or its start. */
  readonly waitedMs: number;
  readonly variance: number;
  /** Its own pace so far, or null if it has reported no progress; the variance is that of a forecast for its rest. */
  readonly own: Pace | null;
  /** Part of its work was found done, and nothing was done since: its silence says nothing yet. */
  readonly hasOnlyFound: boolean;
}

/** Describes a running step. `passed(progress)` is the share of its time that has passed at that progress. */
export function runningStep(
  job: JobModel,
  index: number,
  state: StepState,
  passed: (progress: number) => number,
): RunningStep {
  const { costMs = 1, variance = PRIORS.unknownStepVariance } = job.steps[index] ?? {};
  const behind = state.progress ? passed(state.progress) : 0;
  const done = behind - passed(state.found.progress);
  const doneMs = state.spentAtProgressMs - state.found.spentMs;
  return {
    usualLeftMs: costMs * (1 - behind),
    waitedMs: state.spentMs - (behind > 0 ? state.spentAtProgressMs : 0),
    variance,
    own:
      done > 0 && doneMs > 0
        ? {
            mean: logRatio(doneMs, costMs * done),
            variance: (PRIORS.barVariance * (1 - behind)) / done,
          }
        : null,
    hasOnlyFound: done <= 0 && state.found.progress > 0,
  };
}

/**
 * Returns the pace of the run, from everything that it has done. The logarithm of each step's pace is the run's plus an
 * independent, normal deviation. A silent step counts once it takes longer than it should at that pace, or at once if nothing
 * else is known. In a first run that has done nothing yet, the variance is infinite.
 */
export function paceOf(
  job: JobModel,
  steps: readonly StepState[],
  running: ReadonlyMap<number, RunningStep>,
): Pace {
  const wasFound = foundSteps(steps, job.runs > 0 ? job.steps.map(({ costMs }) => costMs) : null);
  let precision = 1 / job.paceVariance;
  let sum = 0;
  const observe = (mean: number, variance: number, workMs: number) => {
    const whole = variance + PRIORS.shortStepVariance * (job.totalMs / Math.max(1, workMs));
    sum += withoutOutlier(mean, whole + job.paceVariance) / whole;
    precision += 1 / whole;
  };
  for (const [index, { costMs, variance }] of job.steps.entries()) {
    const step = steps[index];
    const own = running.get(index)?.own;
    if (wasFound.has(index)) continue;
    if (step?.status === 'completed') observe(logRatio(step.spentMs, costMs), variance, costMs);
    else if (own) observe(own.mean, variance + own.variance, costMs - (running.get(index)?.usualLeftMs ?? 0));
  }
  // If most steps were found done, the silence of the first one that is worked on says nothing about the others.
  const isUntold = precision === 0 && 2 * wasFound.size >= steps.length;
  for (const [index, { own, hasOnlyFound, waitedMs, variance, usualLeftMs }] of running) {
    if (own || hasOnlyFound || isUntold) continue;
    if (precision === 0 || logRatio(waitedMs, usualLeftMs) > sum / precision)
      observe(logRatio(waitedMs, usualLeftMs), variance, job.steps[index]?.costMs ?? 0);
  }
  return precision > 0
    ? { mean: sum / precision, variance: 1 / precision }
    : { mean: 0, variance: job.paceVariance };
}

/** Returns the pace of a running step: the run's, moved towards its own in proportion to the precision of that. */
export function stepPace(pace: Pace, { own, variance }: RunningStep): Pace & { readonly shared: number } {
  if (!own) return { mean: pace.mean, variance, shared: 1 };
  const trust = variance / (variance + own.variance);
  return {
    mean: pace.mean + trust * (own.mean - pace.mean),
    // The same as trust * own.variance, which is infinite for a progress close to 0.
    variance: (1 - trust) * variance,
    shared: 1 - trust,
  };
}

function withoutOutlier(mean: number, variance: number): number {
  const most = PRIORS.outlier * Math.sqrt(variance);
  return Math.max(-most, Math.min(most, mean));
}
