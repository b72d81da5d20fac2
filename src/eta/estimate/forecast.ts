import type { ProgressUpdate } from '../estimator.ts';
import { doubtOf } from './band.ts';
import { type BarFollower, createBarFollower } from './course.ts';
import type { JobModel } from './job-model.ts';
import { type Remaining, remainingOf } from './remaining.ts';
import { createRunState } from './run-state.ts';

/** Predicts the rest of one run from its job and from what it has done so far. */
export interface Forecast {
  update(update: ProgressUpdate): void;
  /** Returns what is left at `t`; null while the job is unknown and nothing has moved. */
  left(t: number): Remaining | null;
  /** The latest time of any update or question so far. */
  readonly nowMs: number;
}

export function createForecast(job: JobModel): Forecast {
  const state = createRunState(job.steps.length);
  const bars = new Map<number, BarFollower>();
  const passed = (index: number, progress: number) => bars.get(index)?.shareAt(progress) ?? progress;

  return {
    update(update) {
      state.update(update);
      followBar(update.step);
    },
    left(t) {
      state.advance(t);
      if (!state.hasMoved && job.runs === 0) return null;
      const left = remainingOf(job, state, passed);
      return left && { ms: left.ms, variance: doubtOf(left, job.runs) };
    },
    get nowMs() {
      return state.nowMs;
    },
  };

  /** Follows a bar while its step runs. */
  function followBar(index: number): void {
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
}
