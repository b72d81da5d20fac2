import { findCycle } from '../../model/find-cycle.ts';
import { jsonNumber } from '../../model/json.ts';
import { idOf, type RawTask, statusOf } from './moves.ts';

/** Returns what can be done next: pending tasks, by their dependencies and priorities. */
export function pendingTasks(tasks: readonly RawTask[]): RawTask[] {
  return tasks.filter((task) => statusOf(task) === 'pending');
}

/** Returns the pending tasks whose dependencies are all completed; of two tasks with one id, the first counts. */
export function readyTasks(tasks: readonly RawTask[]): RawTask[] {
  const statuses = new Map<string | null, string>();
  for (const task of tasks) if (!statuses.has(idOf(task))) statuses.set(idOf(task), statusOf(task));
  return pendingTasks(tasks).filter((task) =>
    dependenciesOf(task).every((id) => statuses.get(id) === 'completed'),
  );
}

/** Sorts by number, the lowest first and those without one last; ties keep the order of the file. */
export function byPriority(tasks: readonly RawTask[]): RawTask[] {
  return tasks.toSorted((a, b) => priorityOf(a) - priorityOf(b));
}

/** Returns tasks that wait for each other, and would never be started: their ids, with the first one again at the end. */
export function dependencyCycle(tasks: readonly Readonly<RawTask>[]): string[] | null {
  const waitsFor = new Map(tasks.map((task) => [idOf(task) ?? '', dependenciesOf(task)]));
  return findCycle([...waitsFor.keys()], (id) => waitsFor.get(id) ?? []);
}

function dependenciesOf(task: Readonly<RawTask>): string[] {
  return Array.isArray(task.dependencies) ? task.dependencies.map(String) : [];
}

function priorityOf(task: RawTask): number {
  const priority = jsonNumber(task.priority);
  return Number.isFinite(priority) ? priority : Number.MAX_SAFE_INTEGER;
}
