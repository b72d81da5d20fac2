import { hasEnded, type TaskStatus } from '../../model/task.ts';
import type { DraftDetails } from './task-draft.ts';

/**
 * Returns what keeps a task from beginning: its dependencies (native ids) that are not completed, and those of them that
 * will never be by themselves. null if nothing does.
 */
export function unmetDependencies(
  dependencies: readonly string[],
  states: { get(id: string): { readonly status: TaskStatus } | undefined },
): Pick<DraftDetails, 'waitsFor' | 'blockedBy'> | null {
  const waitsFor = dependencies.filter((id) => states.get(id)?.status !== 'completed');
  if (waitsFor.length === 0) return null;
  const blockedBy = waitsFor.filter((id) => {
    const status = states.get(id)?.status;
    return status === undefined || hasEnded(status);
  });
  return blockedBy.length === 0 ? { waitsFor } : { waitsFor, blockedBy };
}
