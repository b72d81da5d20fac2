/** `taskglass/react`: components of the dashboard for other Ink programs, and the store behind them. */
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
