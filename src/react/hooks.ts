import { useShallow } from 'zustand/react/shallow';
import type { TaskProgress } from '../model/dashboard-state.ts';
import { useDashboardStore } from './store.ts';

export type TaskCounts = Readonly<Record<TaskProgress['status'] | 'total', number>>;

/** Returns all tasks of the dashboard, in its order. */
export function useActiveTasks(): readonly TaskProgress[] {
  return useDashboardStore((state) => state.activeTasks);
}

/** Returns one task; undefined if there is none with this id. */
export function useTaskProgress(taskId: string): TaskProgress | undefined {
  return useDashboardStore((state) => state.activeTasks.find((task) => task.taskId === taskId));
}

export function useHasRunningTasks(): boolean {
  return useDashboardStore((state) => state.activeTasks.some((task) => task.status === 'running'));
}

/** Returns the tasks with a status. Renders again only when one of them has changed. */
export function useTasksByStatus(status: TaskProgress['status']): readonly TaskProgress[] {
  return useDashboardStore(useShallow((state) => state.activeTasks.filter((task) => task.status === status)));
}

/** Returns how many tasks have each status, and how many there are in all. */
export function useTaskCounts(): TaskCounts {
  return useDashboardStore(useShallow((state) => countTasks(state.activeTasks)));
}

function countTasks(tasks: readonly TaskProgress[]): TaskCounts {
  const counts = { total: tasks.length, pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
  for (const task of tasks) counts[task.status] += 1;
  return counts;
}
