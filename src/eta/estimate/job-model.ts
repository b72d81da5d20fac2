import type { EarlierRun, ProgressUpdate } from '../estimator.ts';
import { type Course, courseOf, courseTrust, meanCourse } from './course.ts';
import { endedAtOnce, isTooQuick } from './found-steps.ts';
import { PRIORS } from './priors.ts';
import { createRunState, type StepState } from './run-state.ts';

/** What a job's earlier runs say about the steps of the next one. */
export interface JobModel {
  readonly steps: readonly StepModel[];
  /** From the end of the last step to the end of the run. */
  readonly tailMs: number;
  readonly totalMs: number;
  /** The variance of the logarithm of a run's pace, that is, of how many times as long as usual everything takes. */
  readonly paceVariance: number;
  readonly runs: number;
}

export interface StepModel {
  readonly costMs: number;
  /** The variance of the logarithm of the step's cost, apart from the run's pace. */
  readonly variance: number;
  readonly course: Course | null;
  /** How much the course is trusted, in runs. */
  readonly courseTrust: number;
}

/** Learns a job's model from its newest runs. `history` is oldest first. */
export function learnJob(steps: readonly string[], history: readonly EarlierRun[]): JobModel {
  const runs = history.slice(-PRIORS.runs).map((run, index, { length }) => ({
    ...replay(run, steps),
    weight: PRIORS.recency ** (length - 1 - index),
  }));
  const costs = steps.map((_, index) => typicalCost(runs, index));
  const known = costs.filter((cost) => cost !== null);
  if (known.length === 0) return unknownJob(steps.length);

  // A step that no earlier run had is taken for a typical one.
  const typical = geometricMean(known.map((value) => ({ value, weight: 1 })));
  const costsMs = costs.map((cost) => cost ?? typical);
  const tailMs = weightedMean(runs.map(({ tailMs: value, weight }) => ({ value, weight })));
  const totalMs = costsMs.reduce((sum, cost) => sum + cost, 0) + tailMs;
  const paces = runs.map((run) => logPace(run, costsMs, totalMs));
  return {
    steps: costs.map((cost, index) => {
      const courses = runs.flatMap(({ courses, weight }) => {
        const course = courses[index];
        return course ? [{ course, weight }] : [];
      });
      const course = meanCourse(courses);
      return {
        costMs: cost ?? typical,
        variance: cost === null ? PRIORS.unknownStepVariance : stepVariance(runs, paces, index, cost),
        course,
        courseTrust: course ? courseTrust(courses, course) : 0,
      };
    }),
    tailMs,
    totalMs,
    paceVariance: learnedVariance(paces, PRIORS.paceVariance, PRIORS.paceVarianceRuns),
    runs: runs.length,
  };
}

interface Replay {
  readonly weight: number;
  /** For each step of the new run; null if this run had no such step, or skipped it. */
  readonly costsMs: readonly (number | null)[];
  /** Whether the step ended in the first moments: it may have been found done. */
  readonly atOnce: readonly boolean[];
  readonly courses: readonly (Course | null)[];
  readonly tailMs: number;
}

function replay(run: EarlierRun, steps: readonly string[]): Omit<Replay, 'weight'> {
  const state = createRunState(run.steps.length);
  const reached = run.steps.map((): [number, number][] => []);
  for (const update of eventsOf(run)) {
    const before = state.steps[update.step]?.reports;
    state.update(update);
    const step = state.steps[update.step];
    if (step && step.reports !== before && step.progress) {
      const points = step.reports === 1 ? [] : (reached[update.step] ?? []);
      reached[update.step] = [...pointsBelow(points, step.progress), [step.progress, step.spentAtProgressMs]];
    }
  }
  state.advance(run.durationMs);
  const places = matchSteps(steps, run.steps);
  const ran = places.map((place) => {
    const step = place === null ? undefined : state.steps[place];
    return step && step.status !== 'pending' && step.status !== 'skipped' ? step : null;
  });
  return {
    costsMs: ran.map((step) => step && wholeCost(step)),
    atOnce: ran.map((step) => step !== null && endedAtOnce(step)),
    courses: ran.map((step, index) =>
      step && !hasFound(step) ? courseOf(reached[places[index] ?? -1] ?? [], step.spentMs) : null,
    ),
    tailMs: state.idleMs,
  };
}

/** Returns the points below a progress: a bar that fell continues from where it fell to. */
function pointsBelow(points: readonly [number, number][], progress: number): [number, number][] {
  return (points.at(-1)?.[0] ?? 0) < progress ? [...points] : points.filter(([at]) => at < progress);
}

/** Tells whether a considerable part of the step was found done. */
function hasFound({ found }: StepState): boolean {
  return found.progress >= PRIORS.leastJump && found.progress < 1;
}

/** Returns what the step would have taken if nothing had been found done. */
function wholeCost(step: StepState): number {
  const { found, spentMs } = step;
  if (!hasFound(step)) return spentMs;
  return spentMs + ((spentMs - found.spentMs) * found.progress) / (1 - found.progress);
}

/** Returns a run's events. For some runs, only the duration is known, which is enough if there is a single step. */
function eventsOf({ steps, events }: EarlierRun): readonly ProgressUpdate[] {
  return events.length === 0 && steps.length === 1 ? [{ t: 0, step: 0, status: 'running' }] : events;
}

/**
 * Finds each of `steps` in `earlier` by name; of steps with the same name, the nth matches the nth. If both runs have one
 * step only, these match whatever their names.
 */
function matchSteps(steps: readonly string[], earlier: readonly string[]): (number | null)[] {
  if (steps.length === 1 && earlier.length === 1) return [0];
  const places = Map.groupBy(earlier.keys(), (index) => earlier[index]);
  return steps.map((name) => places.get(name)?.shift() ?? null);
}

/** Returns the model of a job about which nothing is known: equal steps of unknown duration. */
function unknownJob(stepCount: number): JobModel {
  const costMs = 1e9; // arbitrary, but large compared with the millisecond in `logRatio`
  const step = { costMs, variance: PRIORS.unknownStepVariance, course: null, courseTrust: 0 };
  return {
    steps: Array.from({ length: stepCount }, () => step),
    tailMs: 0,
    totalMs: costMs * stepCount,
    paceVariance: Number.POSITIVE_INFINITY,
    runs: 0,
  };
}

function typicalCost(runs: readonly Replay[], index: number): number | null {
  const longestMs = Math.max(
    0,
    ...runs.map(({ costsMs, atOnce }) => (atOnce[index] ? 0 : (costsMs[index] ?? 0))),
  );
  const costs = runs.flatMap(({ costsMs, atOnce, weight }) => {
    const value = costsMs[index];
    const wasFound = atOnce[index] && isTooQuick(value ?? 0, longestMs);
    return typeof value === 'number' && !wasFound ? [{ value, weight }] : [];
  });
  return costs.length === 0 ? null : geometricMean(costs);
}

/** Returns how much longer than usual a run took, as a logarithm; its steps are weighted by their usual length. */
function logPace({ costsMs }: Replay, usual: readonly number[], totalMs: number): number {
  return usual.reduce((sum, cost, index) => {
    const took = costsMs[index];
    return typeof took === 'number' ? sum + (cost / totalMs) * logRatio(took, cost) : sum;
  }, 0);
}

function stepVariance(runs: readonly Replay[], paces: readonly number[], index: number, cost: number) {
  const residuals = runs.flatMap(({ costsMs }, run) => {
    const took = costsMs[index];
    return typeof took === 'number' ? [logRatio(took, cost) - (paces[run] ?? 0)] : [];
  });
  return learnedVariance(residuals, PRIORS.stepVariance, PRIORS.stepVarianceRuns);
}

/**
 * Returns a variance in which the prior counts as much as `priorRuns` runs. Averages logarithms, because how steady jobs are
 * varies by orders of magnitude.
 */
function learnedVariance(residuals: readonly number[], prior: number, priorRuns: number): number {
  const freedom = residuals.length - 1;
  if (freedom < 1) return prior;
  const seen = residuals.reduce((sum, residual) => sum + residual ** 2, 0) / freedom;
  const logarithms = priorRuns * Math.log(prior) + freedom * Math.log(seen + PRIORS.leastVariance);
  return Math.exp(logarithms / (priorRuns + freedom));
}

interface Weighted {
  readonly value: number;
  readonly weight: number;
}

function weightedMean(values: readonly Weighted[]): number {
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  return values.reduce((sum, { value, weight }) => sum + value * (weight / total), 0);
}

function geometricMean(values: readonly Weighted[]): number {
  return Math.exp(weightedMean(values.map(({ value, weight }) => ({ value: Math.log(value + 1), weight }))));
}

/**
 * Returns the logarithm of a ratio. A millisecond is added to both sides, so that it is always finite.
 */
export function logRatio(tookMs: number, usualMs: number): number {
  return Math.log((tookMs + 1) / (usualMs + 1));
}
