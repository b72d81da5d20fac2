import type { JobModel } from './job-model.ts';
import { type Pace, paceOf, type RunningStep, runningStep, stepPace } from './pace.ts';
import { PRIORS } from './priors.ts';
import type { RunState } from './run-state.ts';

/** The remaining time, ms, and the variance of its logarithm. */
export interface Remaining {
  readonly ms: number;
  readonly variance: number;
}

/** A part of the remaining time. Its logarithm varies by itself, and with the run's pace to the extent of `shared` (0–1). */
interface Part {
  readonly ms: number;
  readonly variance: number;
  readonly shared: number;
}

/**
 * Returns the remaining time of the run: the coming steps at the run's pace, and the rest of each running step, given that it
 * has not ended yet. `passed(index, progress)` is the share of a step's time that has passed at that progress. Returns null if
 * nothing is known.
 */
export function remainingOf(
  job: JobModel,
  state: RunState,
  passed: (index: number, progress: number) => number,
): Remaining | null {
  const running = new Map<number, RunningStep>();
  for (const [index, step] of state.steps.entries())
    if (step.status === 'running')
      running.set(
        index,
        runningStep(job, index, step, (progress) => passed(index, progress)),
      );
  const pace = paceOf(job, state.steps, running);

  const parts = [...running.values()].map((step) => restOf(step, pace));
  for (const [index, { costMs, variance }] of job.steps.entries())
    if (state.steps[index]?.status === 'pending')
      parts.push({ ms: costMs * Math.exp(pace.mean), variance, shared: 1 });
  if (job.tailMs > 0) parts.push({ ms: job.tailMs * Math.exp(pace.mean), variance: 0, shared: 1 });
  if (parts.length > 0 && !Number.isFinite(pace.variance)) return null;
  const left = sumOf(parts, pace, state.idleMs);
  return discounted(left, Math.min(left.variance, mostDiscount(job, state, running)), state.nowMs);
}

/** Returns the rest of a running step. */
function restOf(step: RunningStep, pace: Pace): Part {
  const { mean, variance, shared } = stepPace(pace, step);
  const usualMs = step.usualLeftMs * Math.exp(mean);
  const doubt = variance + shared ** 2 * pace.variance + PRIORS.unknownDoubt;
  return { ms: medianRest(usualMs, step.waitedMs, doubt), variance, shared };
}

/**
 * Returns the median of the remaining time of something that usually takes `usualMs` and has taken `waitedMs` already. The
 * duration is log-logistic with the given variance of the logarithm: the rest is about the difference at first, and
 * proportional to the wait when it is long overdue (with `usualMs` near 0, 0.41 of the wait at a shape of 2).
 */
export function medianRest(usualMs: number, waitedMs: number, variance: number): number {
  const shape = Math.max(LEAST_SHAPE, SHAPE_OF_DEVIATION / Math.sqrt(variance));
  const usual = Math.max(1, usualMs);
  return usual * (1 + 2 * (waitedMs / usual) ** shape) ** (1 / shape) - waitedMs;
}

/** π/√3: the logarithm of a log-logistic of shape β has the standard deviation π/(√3·β). */
const SHAPE_OF_DEVIATION = Math.PI / Math.sqrt(3);
/** Below this shape, the median is useless. */
const LEAST_SHAPE = 0.8;

function sumOf(parts: readonly Part[], pace: Pace, idleMs: number): Remaining {
  const whole = parts.reduce((sum, { ms }) => sum + ms, 0);
  if (whole <= 0) return { ms: 0, variance: 0 };
  const own = parts.reduce((sum, { ms, variance }) => sum + (ms / whole) ** 2 * variance, 0);
  const shared = parts.reduce((sum, { ms, shared }) => sum + (ms / whole) * shared, 0);
  const variance = own + shared ** 2 * pace.variance;
  return { ms: Math.max(0, whole - idleMs), variance: Math.min(PRIORS.mostVariance, variance) };
}

/**
 * Discounts an estimate, because errors are felt in proportion to the whole: an hour too much is worse for a run of one hour
 * than for one of ten. |error| ÷ whole is smallest at the median under the weight 1 ÷ (passed + left). For a log-normal
 * estimate, the logarithm of that is lower by `discount`, its variance, times the share of the whole that is still left.
 */
function discounted({ ms, variance }: Remaining, discount: number, passedMs: number): Remaining {
  let left = ms;
  for (let round = 0; round < 3; round += 1)
    left = left > 0 ? ms * Math.exp((-discount * left) / (passedMs + left)) : 0;
  return { ms: left, variance };
}

/**
 * Returns the largest discount. A run of one step that has not reported anything is expected to take as long as the last
 * ones, because people remember those. In a first run, less is taken off if a running step was found partly done.
 */
function mostDiscount({ runs, steps }: JobModel, state: RunState, running: ReadonlyMap<number, RunningStep>) {
  const hasFound = state.steps.some(({ status, found }) => status === 'running' && found.progress > 0);
  if (runs === 0) return hasFound ? PRIORS.mostDiscount : PRIORS.mostVariance;
  const hasTold = state.steps[0]?.status !== 'running' || running.get(0)?.own !== null;
  return steps.length === 1 && !hasTold ? PRIORS.mostDiscountUntold : PRIORS.mostDiscount;
}
