import { hasEnded, type TaskState, type TaskStatus } from '../../model/task.ts';
import type { DraftDetails, TaskDraft } from './task-draft.ts';

/** The states of tasks, by their native ids. */
interface States {
  get(id: string): { readonly status: TaskStatus } | undefined;
}

const WAITING: TaskState = { status: 'waiting', reason: null };

/** Marks a queued task without a reason as waiting if not all of its dependencies (native ids) are completed. */
export function withWaiting(
  task: TaskDraft,
  states: States,
  dependenciesOf = ({ dependencies }: TaskDraft) => dependencies,
): TaskDraft {
  if (task.state.status !== 'queued' || task.state.reason !== null) return task;
  const unmet = unmetDependencies(dependenciesOf(task), states);
  return unmet === null ? task : { ...task, state: WAITING, ...unmet };
}

/**
 * Returns what keeps a task from beginning: its dependencies (native ids) that are not completed, and those of them that will
 * never complete by themselves. null if nothing does.
 */
function unmetDependencies(
  dependencies: readonly string[],
  states: States,
): Pick<DraftDetails, 'waitsFor' | 'blockedBy'> | null {
  const waitsFor = dependencies.filter((id) => states.get(id)?.status !== 'completed');
  if (waitsFor.length === 0) return null;
  const blockedBy = waitsFor.filter((id) => {
    const status = states.get(id)?.status;
    return status === undefined || hasEnded(status);
  });
  return blockedBy.length === 0 ? { waitsFor } : { waitsFor, blockedBy };
}
