import { bandAround, doubtOf } from './estimate/band.ts';
import { type BarFollower, createBarFollower } from './estimate/course.ts';
import type { JobModel } from './estimate/job-model.ts';
import { learn } from './estimate/learn.ts';
import { combined, createPublisherWord } from './estimate/publisher.ts';
import { type Remaining, remainingOf } from './estimate/remaining.ts';
import { createRunState, type RunState } from './estimate/run-state.ts';
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
  const { job, publisher } = learn(steps, history);
  const state = createRunState(steps.length);
  const bars = new Map<number, BarFollower>();
  const word = createPublisherWord(publisher);

  return {
    update(update) {
      state.update(update);
      word.hear(update);
      followBar(bars, update.step, job, state);
    },
    estimate(t) {
      state.advance(t);
      const said = word.remaining(state.nowMs);
      if (!state.hasMoved && job.runs === 0 && !said) return null;
      const modelled = remainingOf(
        job,
        state,
        (index, progress) => bars.get(index)?.shareAt(progress) ?? progress,
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

/** A bar is followed as long as its step runs. */
function followBar(bars: Map<number, BarFollower>, index: number, job: JobModel, state: RunState): void {
  const step = state.steps[index];
  if (step?.status !== 'running' || step.progress === null) {
    bars.delete(index);
    return;
  }
  const { course = null, courseTrust = 0 } = job.steps[index] ?? {};
  const bar = bars.get(index) ?? createBarFollower(course, courseTrust);
  bars.set(index, bar);
  bar.reach(step.progress, step.spentAtProgressMs);
}

function basisOf({ runs, steps }: JobModel): EstimateBasis {
  if (runs > 0) return 'history';
  return steps.length > 1 ? 'steps' : 'rate';
}
