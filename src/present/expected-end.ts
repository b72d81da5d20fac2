import type { ShownEstimate } from '../eta/shown-estimate.ts';
import type { TaskId } from '../model/id.ts';
import type { Task } from '../model/task.ts';

/** Returns when a task is expected to end (epoch ms), as the screen shows it; null if that is not worth a figure. */
export function expectedEnd(
  task: Task,
  { estimate, nowMs }: { estimate: (id: TaskId, nowMs: number) => ShownEstimate | null; nowMs: number },
): number | null {
  const foretold = task.state.status === 'running' ? estimate(task.id, nowMs) : null;
  if (!foretold) return task.reportedEndAt;
  return foretold.isVague ? null : Math.round(nowMs + foretold.remainingMs);
}
