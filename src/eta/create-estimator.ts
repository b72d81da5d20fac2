import { bandAround } from './estimate/band.ts';
import { createForecast } from './estimate/forecast.ts';
import type { JobModel } from './estimate/job-model.ts';
import { learn } from './estimate/learn.ts';
import { combined, createPublisherWord } from './estimate/publisher.ts';
import type { EarlierRun, EstimateBasis, Estimator } from './estimator.ts';

/**
 * Creates an estimator of when one run of a task will end. It has no clock: the time is an argument. docs/eta.md describes the
 * method.
 *
 * Earlier runs (`history`, oldest first) show how long each step takes, and this run so far shows its pace. The publisher's
 * own figure is weighted by how accurate it has been. Without history, all steps are taken to be equally long.
 */
export function createEstimator(options: {
  /** The names of the steps, in order; a task that has none is one step. */
  readonly steps?: readonly string[];
  readonly job?: string;
  readonly history?: readonly EarlierRun[];
}): Estimator {
  const steps = orWhole(options.steps);
  const history = withSteps(options.history ?? []);
  const onlyStep = steps.length === 1 ? 0 : NO_STEP;
  const { job, publisher, calibration } = learn(steps, history);
  const forecast = createForecast(job);
  const word = createPublisherWord(publisher);

  return {
    update(told) {
      const update = { ...told, step: told.step ?? onlyStep, status: told.status ?? 'running' };
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

/** The one step of a task without any. */
const WHOLE = [''] as const;

function orWhole(steps: readonly string[] = []): readonly string[] {
  return steps.length === 0 ? WHOLE : steps;
}

/** Returns the same history as long as every run has steps: what was learnt is remembered by it. */
function withSteps(history: readonly EarlierRun[]): readonly EarlierRun[] {
  if (history.every(({ steps }) => steps.length > 0)) return history;
  return history.map((run) => ({ ...run, steps: orWhole(run.steps) }));
}

/** The index of what is told of a task as a whole that has several steps: it moves none of them. */
const NO_STEP = -1;

function basisOf({ runs, steps }: JobModel): EstimateBasis {
  if (runs > 0) return 'history';
  return steps.length > 1 ? 'steps' : 'rate';
}
