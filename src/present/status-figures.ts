import type { StatusFigures } from '../model/status-figures.ts';
import { hasEnded, reasonOf, type Task } from '../model/task.ts';
import { type Dismissals, isDismissed } from '../store/dismissals.ts';
import { inboxOf } from '../store/inbox.ts';
import { isSeenIn, isSettled } from '../store/place.ts';
import { selectCounts } from '../store/select.ts';
import { silenceOf } from '../store/stall.ts';
import type { State, TaskEntry } from '../store/state.ts';
import { allDoneText } from './all-done.ts';
import type { RenderContext } from './render-context.ts';

/** At most this many of the tasks that need somebody are named. */
const NAMED = 10;

/**
 * Summarises the listed tasks for one line. As in the view, tasks that were looked at are counted, but need nobody any more.
 */
export function statusFigures(
  state: State,
  entries: readonly TaskEntry[],
  context: RenderContext,
  { dismissals, seen }: { readonly dismissals: Dismissals; readonly seen: Dismissals },
): StatusFigures {
  const kept = entries.filter(
    (entry) => !hasEnded(entry.task.state.status) || !isDismissed(dismissals, state, entry),
  );
  const counts = selectCounts(kept);
  const review = kept.filter(({ task }) => task.review).length;
  const isSeen = isSeenIn(state, seen);
  const unsettled = kept.filter((entry) => !isSettled(entry, isSeen));
  const asking = inboxOf(unsettled, context).filter(({ reason }) => reason !== 'stalled');
  return {
    version: 1,
    needsYou: asking.filter(({ reason }) => reason !== 'failed').length,
    needsInput: counts['needs-input'],
    review,
    running: counts.running,
    stalled: kept.filter((entry) => silenceOf(entry, context.nowMs, context.stallAfterMs)).length,
    waiting: counts.waiting,
    queued: counts.queued,
    failed: counts.failed,
    completed: counts.completed,
    cancelled: counts.cancelled,
    done: allDoneText(state, context).text,
    asking: asking.slice(0, NAMED).map(({ entry: { task } }) => ({
      id: task.id,
      name: task.name,
      why: whyOf(task),
    })),
  };
}

function whyOf({ question, state, review }: Task): string {
  return question?.text ?? reasonOf(state) ?? (review ? 'for review' : state.status);
}
