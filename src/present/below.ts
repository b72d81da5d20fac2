import { isOwnOnlyStep, type Task } from '../model/task.ts';
import type { TaskEntry } from '../store/state.ts';
import type { Columns } from './columns.ts';
import type { Line } from './line.ts';
import type { RenderContext } from './render-context.ts';
import { sessionRows } from './sessions.ts';
import { stepRows } from './steps.ts';

/** Returns how many lines a task can unfold: its steps, or its sessions on a session board. */
export function linesBelow(task: Task): number {
  if (isOwnOnlyStep(task)) return 0;
  if (task.steps.length > 0) return task.steps.length;
  return task.userStatus ? task.sessions.length : 0;
}

/** Returns the rows below a task's row, in at most `room` lines; a line counts what is left out. */
export function rowsBelow(entry: TaskEntry, columns: Columns, context: RenderContext, room: number): Line[] {
  return entry.task.steps.length > 0
    ? stepRows(entry, columns, context, room)
    : sessionRows(entry, columns, context, room);
}
