import type { Job } from '../model/run.ts';
import type { Task } from '../model/task.ts';
import type { EarlierRuns } from './history.ts';

/** Returns the earlier runs that a task's source itself reports, of which only the durations are known. */
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

/** Returns a source's own past runs, unless at least as many were watched here, because those are known in full. */
export function richerRuns(watched: EarlierRuns, past: EarlierRuns): EarlierRuns {
  const isWatched = watched.of === 'job' && watched.runs.length >= past.runs.length;
  return isWatched || past.runs.length === 0 ? watched : past;
}
