import type { JobModel } from './job-model.ts';
import { type Pace, paceOf, type RunningStep, runningStep, stepPace } from './pace.ts';
import { PRIORS } from './priors.ts';
import type { RunState } from './run-state.ts';

/** What is left, ms; with the variance of its logarithm. */
export interface Remaining {
  readonly ms: number;
  readonly variance: number;
}

/** A part of what is left: its logarithm varies by itself, and with the run's pace as far as it shares that. */
interface Part {
  readonly ms: number;
  readonly variance: number;
  readonly shared: number;
}

/**
 * What is left of the run: the steps to come at the run's pace, and of each running step the rest, given that it is
 * not over yet. `passed(index, progress)`: the share of a step's time that is behind at its progress. null while there is
 * nothing to go by.
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

/** The rest of a running step. */
function restOf(step: RunningStep, pace: Pace): Part {
  const { mean, variance, shared } = stepPace(pace, step);
  const usualMs = step.usualLeftMs * Math.exp(mean);
  const doubt = variance + shared ** 2 * pace.variance + PRIORS.unknownDoubt;
  return { ms: medianRest(usualMs, step.waitedMs, doubt), variance, shared };
}

/**
 * The median of what is left of something that usually takes `usualMs` and has taken `waitedMs` already. Its duration
 * is log-logistic with the given variance of the logarithm: nearly the difference at first, and in proportion to the
 * wait when it is long overdue. Nothing usual at all: 0.41 of the wait at a shape of 2.
 */
export function medianRest(usualMs: number, waitedMs: number, variance: number): number {
  const shape = Math.max(LEAST_SHAPE, SHAPE_OF_DEVIATION / Math.sqrt(variance));
  const usual = Math.max(1, usualMs);
  return usual * (1 + 2 * (waitedMs / usual) ** shape) ** (1 / shape) - waitedMs;
}

/** π/√3: the logarithm of a log-logistic of shape β deviates by π/(√3·β). */
const SHAPE_OF_DEVIATION = Math.PI / Math.sqrt(3);
/** Below it a rest has no median that could be used. */
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
 * Errors are felt in proportion to the whole: an hour too long is worse on a run that takes one than on one that takes
 * ten. What makes |error| ÷ whole least is the median under the weight 1 ÷ (passed + left): log-normal as it is, it
 * comes down by `discount`, its variance, times the share that is still ahead.
 */
function discounted({ ms, variance }: Remaining, discount: number, passedMs: number): Remaining {
  let left = ms;
  for (let round = 0; round < 3; round += 1)
    left = left > 0 ? ms * Math.exp((-discount * left) / (passedMs + left)) : 0;
  return { ms: left, variance };
}

/**
 * How much may be taken off at most. A run of one step that has told nothing yet is expected to take what the last ones
 * took: people remember those. After much was found done, hardly any time has passed, and all is still ahead.
 */
function mostDiscount({ runs, steps }: JobModel, state: RunState, running: ReadonlyMap<number, RunningStep>) {
  const hasFound = state.steps.some(({ status, found }) => status === 'running' && found.progress > 0);
  if (runs === 0) return hasFound ? PRIORS.mostDiscount : PRIORS.mostVariance;
  const hasTold = state.steps[0]?.status !== 'running' || running.get(0)?.own !== null;
  return steps.length === 1 && !hasTold ? PRIORS.mostDiscountUntold : PRIORS.mostDiscount;
}
