import { hasEnded } from '../../model/task.ts';
import { parseFilter } from '../../store/filter.ts';
import { selectEntries } from '../../store/select.ts';
import type { State, TaskEntry } from '../../store/state.ts';
import type { Settings } from '../config/settings.ts';
import { EXIT } from '../process/exit.ts';

/** Returns the tasks that the settings ask for, in their order. */
export function listedEntries(state: State, { filter, sort }: Settings): TaskEntry[] {
  return selectEntries(state, { filter: parseFilter(filter), sort });
}

/** Returns the exit code for these tasks. A failure counts first: it is the one to look at. */
export function exitStatusOf(entries: readonly TaskEntry[]): number {
  const statuses = new Set(entries.map(({ task }) => task.state.status));
  if (statuses.has('failed')) return EXIT.failed;
  if (statuses.has('cancelled')) return EXIT.cancelled;
  return [...statuses].every(hasEnded) ? EXIT.ok : EXIT.notEnded;
}
