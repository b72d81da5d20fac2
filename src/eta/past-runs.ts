import type { Job } from '../model/run.ts';
import type { Task } from '../model/task.ts';
import type { EarlierRuns } from './history.ts';

/** The earlier runs of a task's job that its source itself tells of: how long each took, and no more. */
export function pastRuns(
  { steps }: Job,
  { pastDurationsMs = [] }: Pick<Task, 'pastDurationsMs'>,
): EarlierRuns {
  if (steps.length !== 1) return { of: 'job', runs: [] };
  const runs = pastDurationsMs.map((durationMs) => ({
    steps,
    events: [
      { t: 0, step: 0, status: 'running' as const },
      { t: durationMs, step: 0, status: 'completed' as const },
    ],
    durationMs,
  }));
  return { of: 'job', runs };
}

/** A source's own memory counts, unless as many runs of the same job were watched here: those are known in full. */
export function richerRuns(watched: EarlierRuns, past: EarlierRuns): EarlierRuns {
  const isWatched = watched.of === 'job' && watched.runs.length >= past.runs.length;
  return isWatched || past.runs.length === 0 ? watched : past;
}
