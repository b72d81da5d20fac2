import type { TaskStatus } from '../../model/task.ts';
import { type PlainText, plainName } from '../../model/text.ts';

/**
 * Returns why a task that has not begun can't begin: names the dependencies (native ids) that are not completed, first
 * those that never will be by themselves. Null if it can.
 */
export function waitingReason(
  dependencies: readonly string[],
  states: { get(id: string): { readonly status: TaskStatus } | undefined },
): PlainText | null {
  const failed = dependencies.filter((id) => states.get(id)?.status === 'failed');
  const cancelled = dependencies.filter((id) => states.get(id)?.status === 'cancelled');
  const unknown = dependencies.filter((id) => states.get(id) === undefined);
  const open = dependencies.filter((id) => {
    const status = states.get(id)?.status;
    return status !== undefined && status !== 'completed' && status !== 'failed' && status !== 'cancelled';
  });
  const parts = [
    failed.length > 0 ? `blocked: ${failed.join(', ')} failed` : '',
    cancelled.length > 0 ? `blocked: ${cancelled.join(', ')} cancelled` : '',
    unknown.length > 0 ? `blocked: ${unknown.join(', ')} unknown` : '',
    open.length > 0 ? `waits for ${open.join(', ')}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : plainName(parts.join('; '));
}
