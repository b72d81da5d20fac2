import { taskPlace } from '../store/dismissals.ts';
import type { TaskEntry } from '../store/state.ts';
import type { ViewController } from './view-controller.ts';

/** Returns a function that tells whether a task is muted. */
export function isMutedIn({
  view: { muted },
  data,
}: Pick<ViewController, 'view' | 'data'>): (entry: TaskEntry) => boolean {
  return (entry) => muted.size > 0 && muted.has(taskPlace(data, entry));
}
