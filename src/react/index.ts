/** `taskglass/react`: the dashboard's parts for other Ink programs, and the store that feeds them. */
export type { DashboardState, TaskProgress, TaskStep } from '../model/dashboard-state.ts';
export {
  type TaskCounts,
  useActiveTasks,
  useHasRunningTasks,
  useTaskCounts,
  useTaskProgress,
  useTasksByStatus,
} from './hooks.ts';
export { createDashboardStore, type DashboardStore, useDashboardStore } from './store.ts';
export { TaskList, type TaskListProps } from './task-list.tsx';
export { TaskProgressCard, type TaskProgressCardProps } from './task-progress-card.tsx';
