import { hasEnded } from '../../model/task.ts';
import { selectEntries } from '../../store/select.ts';
import type { State, TaskEntry } from '../../store/state.ts';
import { EXIT } from '../process/exit.ts';
import type { Session } from './session.ts';

/** Returns the tasks that the settings ask for, in their order. */
export function listedEntries(
  state: State,
  { isListed, settings }: Pick<Session, 'isListed' | 'settings'>,
): TaskEntry[] {
  return selectEntries(state, { filter: isListed, sort: settings.sort });
}

/** Returns the exit code for these tasks. A failure takes precedence, because it needs attention. */
export function exitStatusOf(entries: readonly TaskEntry[]): number {
  const statuses = new Set(entries.map(({ task }) => task.state.status));
  if (statuses.has('failed')) return EXIT.failed;
  if (statuses.has('cancelled')) return EXIT.cancelled;
  return [...statuses].every(hasEnded) ? EXIT.ok : EXIT.notEnded;
}
