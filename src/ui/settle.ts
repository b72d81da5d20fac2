import type { TaskId } from '../model/id.ts';
import { hasEnded } from '../model/task.ts';
import { isAway } from '../store/attention.ts';
import type { ViewController } from './view-controller.ts';
import { isApart, type Settled } from './view-state.ts';

/** Returns a function that adapts the view to the news since the last frame. */
export function createSettling(): (controller: ViewController, nowMs: number) => Settled {
  /** The selected task in the last frame, and whether it had ended. */
  let last: { readonly id: TaskId; readonly hadEnded: boolean } | null = null;

  return (controller, nowMs) => {
    const selection = settledSelection(controller);
    const task = controller.sections.entries[selection.selectedIndex]?.task;
    const isOver = task !== undefined && hasEnded(task.state.status);
    const sank = isOver && last?.id === task.id && !last.hadEnded;
    last = task ? { id: task.id, hadEnded: isOver } : null;
    if (isAway(controller.view.attention, nowMs)) return { ...selection, listTop: 0, follows: false };
    return sank ? { ...selection, follows: false } : selection;
  };
}

/**
 * Returns the selection after a change. If the selected task is gone, the task in its place is selected, and details that
 * cover the list are closed.
 */
function settledSelection({ view, sections, selectedIndex }: ViewController) {
  const there = sections.entries[selectedIndex]?.task.id ?? null;
  const isGone = there !== null && view.selected !== null && view.selected !== there;
  const isKept = view.pane === 'detail' && isApart(view);
  const pane = isGone && !isKept && (view.pane === 'detail' || view.pane === 'log') ? 'list' : view.pane;
  return { selectedIndex, pane, selected: isGone ? there : view.selected };
}
