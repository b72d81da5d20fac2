import { bandAround, doubtOf } from './estimate/band.ts';
import { createBarFollower } from './estimate/course.ts';
import { type JobModel, learnJob } from './estimate/job-model.ts';
import { combined, createPublisherWord, learnPublisher } from './estimate/publisher.ts';
import { type Remaining, remainingOf } from './estimate/remaining.ts';
import { createRunState } from './estimate/run-state.ts';
import type { EarlierRun, Estimate, EstimateBasis, Estimator } from './estimator.ts';

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
  const job = learnJob(steps, history);
  const state = createRunState(steps.length);
  const bars = job.steps.map(({ course, courseWeight }) => createBarFollower(course, courseWeight));
  const publisher = createPublisherWord(learnPublisher(history));

  return {
    update(update) {
      state.update(update);
      publisher.hear(update);
      const step = state.steps[update.step];
      if (step?.progress) bars[update.step]?.reach(step.progress, step.spentAtProgressMs);
    },
    estimate(t) {
      state.advance(t);
      const said = publisher.remaining(state.nowMs);
      if (!state.hasMoved && job.runs === 0 && !said) return null;
      const modelled = remainingOf(
        job,
        state,
        (index, progress) => bars[index]?.shareAt(progress) ?? progress,
      );
      const own: Remaining = { ms: modelled.ms, variance: doubtOf(modelled, job.runs) };
      const left = said ? combined(own, said) : own;
      return {
        remainingMs: left.ms,
        ...bandAround(left.ms, left.variance, state.nowMs),
        basis: said && said.variance < own.variance ? 'reported' : basisOf(job),
      } satisfies Estimate;
    },
  };
}

function basisOf({ runs, steps }: JobModel): EstimateBasis {
  if (runs > 0) return 'history';
  return steps.length > 1 ? 'steps' : 'rate';
}
