import { type KnownTask, MOST_KNOWN_TASKS } from '../../model/known-task.ts';
import type { TaskStatus } from '../../model/task.ts';
import { plainName } from '../../model/text.ts';
import { allEntries, type State } from '../../store/state.ts';

/** Nobody types longer ids and names, and the answer has to stay below the size that is read. */
const LONGEST_ID_BYTES = 200;

/** How likely a task with each status is to be named next. */
const ORDER: Readonly<Record<TaskStatus, number>> = {
  'needs-input': 0,
  running: 1,
  waiting: 2,
  failed: 3,
  queued: 4,
  cancelled: 5,
  completed: 6,
};

/** Returns the tasks that a shell may offer: first those that have not ended, then the newest. */
export function knownTasksOf(state: State): KnownTask[] {
  const entries = allEntries(state).map(({ task }) => task);
  const isClear = new Map<string, boolean>();
  for (const { nativeId } of entries) isClear.set(nativeId, !isClear.has(nativeId));
  return entries
    .toSorted(
      (a, b) => ORDER[a.state.status] - ORDER[b.state.status] || (b.startedAt ?? 0) - (a.startedAt ?? 0),
    )
    .map(({ id, nativeId, name, state: { status } }) => ({
      id: isClear.get(nativeId) ? nativeId : id,
      name: Buffer.byteLength(name) <= LONGEST_ID_BYTES ? name : plainName(''),
      status: plainName(status),
    }))
    .filter(({ id }) => Buffer.byteLength(id) <= LONGEST_ID_BYTES)
    .slice(0, MOST_KNOWN_TASKS);
}
