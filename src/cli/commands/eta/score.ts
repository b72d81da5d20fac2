import type { EarlierRun, Estimator } from '../../../eta/estimator.ts';
import type { Trace } from './trace.ts';

/** Something that creates estimators, to be compared with others. */
export type NewEstimator = (options: {
  readonly steps: readonly string[];
  readonly job: string;
  readonly history: readonly EarlierRun[];
}) => Estimator;

/** How good estimates are, as shares of the whole duration or of the questions. NaN if there was nothing to judge. */
export interface Score {
  /** Mean |estimated − true| remaining; a missing estimate counts as "nothing left". */
  readonly error: number;
  /** The median and the 90th percentile of the same error, over the estimates that were made. */
  readonly median: number;
  readonly p90: number;
  /** How often there was no estimate. */
  readonly none: number;
  /** How far the predicted end moves from one question to the next. */
  readonly jitter: number;
  /** How often the band contained the true value, and how wide the band was. */
  readonly cover: number;
  readonly width: number;
}

/** First runs of a job, later ones, and all; each is the mean over jobs of each job's own mean. */
export type Part = 'cold' | 'warm' | 'all';
export type Scores = Readonly<Record<Part, ReadonlyMap<string, Score>>>;

/** The estimator is asked at 2 %, 4 % … 98 % of each run's true length. */
const QUESTIONS = 50;
/** No error counts as more than this many durations. */
const WORST = 10;

/** Replays all traces, each with the earlier runs of its job as history. */
export function scoreTraces(traces: readonly Trace[], newEstimator: NewEstimator): Scores {
  const [cold, warm, all] = [new Map(), new Map(), new Map()];
  for (const [job, runs] of ofEachJob(traces)) {
    const answers = runs.map((trace, index) => replay(trace, newEstimator, runs.slice(0, index)));
    cold.set(job, scoreOf(answers.slice(0, 1)));
    if (answers.length > 1) warm.set(job, scoreOf(answers.slice(1)));
    all.set(job, scoreOf(answers));
  }
  return { cold, warm, all };
}

/** Returns the runs of each job, in their order. */
export function ofEachJob(traces: readonly Trace[]): [job: string, runs: readonly Trace[]][] {
  const jobs = Map.groupBy(traces, (trace) => trace.job);
  return [...jobs].map(([job, runs]) => [job, runs.toSorted((one, other) => one.run - other.run)]);
}

/** Returns the mean over jobs. */
export function meanScore(scores: ReadonlyMap<string, Score>): Score {
  const over = (key: keyof Score) =>
    mean([...scores.values()].map((score) => score[key]).filter((value) => !Number.isNaN(value)));
  return {
    error: over('error'),
    median: over('median'),
    p90: over('p90'),
    none: over('none'),
    jitter: over('jitter'),
    cover: over('cover'),
    width: over('width'),
  };
}

/** One answer, with times as shares of the run's duration. */
interface Answer {
  readonly at: number;
  readonly truth: number;
  readonly left: number | null;
  readonly low: number;
  readonly high: number;
}

function replay(trace: Trace, newEstimator: NewEstimator, history: readonly Trace[]): Answer[] {
  const { steps, job, events, durationMs } = trace;
  const estimator = newEstimator({ steps, job, history });
  let next = 0;
  return Array.from({ length: QUESTIONS - 1 }, (_, index) => {
    const at = (index + 1) / QUESTIONS;
    const t = (durationMs * (index + 1)) / QUESTIONS;
    for (let event = events[next]; event && event.t <= t; event = events[next]) {
      estimator.update(event);
      next += 1;
    }
    const estimate = estimator.estimate(t);
    return {
      at,
      truth: 1 - at,
      left: estimate ? estimate.remainingMs / durationMs : null,
      low: (estimate?.lowMs ?? Number.NaN) / durationMs,
      high: (estimate?.highMs ?? Number.NaN) / durationMs,
    };
  });
}

function scoreOf(runs: readonly (readonly Answer[])[]): Score {
  const answers = runs.flat();
  const made = answers.filter((answer) => answer.left !== null);
  const errors = made.map(errorOf).sort((one, other) => one - other);
  const banded = made.filter(({ low, high }) => low <= high);
  return {
    error: mean(answers.map(errorOf)),
    median: quantile(errors, 0.5),
    p90: quantile(errors, 0.9),
    none: 1 - made.length / answers.length,
    jitter: mean(runs.flatMap(moves)),
    cover: mean(banded.map(({ truth, low, high }) => (truth >= low && truth <= high ? 1 : 0))),
    width: mean(banded.map(({ low, high }) => Math.min(WORST, high - low))),
  };
}

function errorOf({ left, truth }: Answer): number {
  return left === null ? truth : Math.min(WORST, Math.abs(left - truth));
}

/** Returns how far the predicted end moved from each answer to the next. */
function moves(answers: readonly Answer[]): number[] {
  return answers.slice(1).flatMap(({ at, left }, index) => {
    const before = answers[index];
    if (left === null || !before || before.left === null) return [];
    return [Math.min(WORST, Math.abs(at + left - before.at - before.left))];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
