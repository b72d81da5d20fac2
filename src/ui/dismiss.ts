import { hasEnded } from '../model/task.ts';
import { words } from '../model/text.ts';
import { withDismissed } from '../store/dismissals.ts';
import type { TaskEntry } from '../store/state.ts';
import type { ViewController } from './view-controller.ts';

/** Tells whether there is a task that can be dismissed. */
export function isEnded(entry: TaskEntry | null): entry is TaskEntry {
  return entry !== null && hasEnded(entry.task.state.status);
}

/** Dismisses tasks, and says how to bring them back. */
export function dismiss(controller: ViewController, entries: readonly TaskEntry[]): void {
  const dismissals = withDismissed(controller.view.dismissals, controller.data, entries);
  controller.change({ type: 'dismissed', dismissals });
  const undo = controller.keyOf('undo');
  controller.notice(
    entries.length === 1
      ? words`dismissed ${entries[0]?.task.name ?? ''} (${undo} brings it back)`
      : words`dismissed ${entries.length} (${undo} brings them back)`,
  );
}
