import { hasEnded } from '../model/task.ts';
import { withDismissed } from '../store/dismissals.ts';
import type { TaskEntry } from '../store/state.ts';
import type { Desk } from './desk.ts';

/** Whether there is a task that can be put away. */
export function isEnded(entry: TaskEntry | null): entry is TaskEntry {
  return entry !== null && hasEnded(entry.task.state.status);
}

/** Puts tasks away, and says how they come back. */
export function dismiss(desk: Desk, entries: readonly TaskEntry[]): void {
  const dismissals = withDismissed(desk.view.dismissals, desk.data, entries);
  desk.change({ type: 'dismissed', dismissals });
  desk.notice(`dismissed ${entries.length === 1 ? entries[0]?.task.name : entries.length}; u brings back`);
}
