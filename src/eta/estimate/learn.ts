import type { EarlierRun } from '../estimator.ts';
import { calibrate } from './calibrate.ts';
import { type JobModel, learnJob } from './job-model.ts';
import { learnPublisher, type Publisher } from './publisher.ts';

/** What earlier runs say about the next one. */
export interface Learnt {
  readonly job: JobModel;
  readonly publisher: Publisher;
  /** How many times as large as expected the errors for this job have been. */
  readonly calibration: number;
}

/** Shared by all tasks that are given the same history. */
const known = new WeakMap<readonly EarlierRun[], Learnt & { readonly of: string }>();

/** Learns from `history` (oldest first), only once for each history. */
export function learn(steps: readonly string[], history: readonly EarlierRun[]): Learnt {
  const of = JSON.stringify([history.length, steps]);
  const before = known.get(history);
  if (before?.of === of) return before;
  const learnt = {
    of,
    job: learnJob(steps, history),
    publisher: learnPublisher(history),
    calibration: calibrate(steps, history),
  };
  known.set(history, learnt);
  return learnt;
}
