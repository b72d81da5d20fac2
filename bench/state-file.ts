import { renameSync, writeFileSync } from 'node:fs';

/** A task of the dashboard state, as far as the measurements need it. */
export interface StateTask {
  readonly taskId: string;
  readonly taskName: string;
  readonly status: 'running' | 'completed';
  readonly progress?: number;
}

/** When all tasks started, or shortly before: two writes may differ only in what a measurement changes. */
const STARTED_AT = Date.now();

/** Replaces the file as a careful producer does: written beside it, then renamed. */
export function writeStateFile(path: string, tasks: readonly StateTask[]): void {
  const activeTasks = tasks.map((task) => ({
    taskId: task.taskId,
    taskName: task.taskName,
    status: task.status,
    currentStep: 1,
    totalSteps: 3,
    steps: stepsOf(task),
    startedAt: STARTED_AT - 60_000,
    ...(task.status === 'completed' ? { completedAt: STARTED_AT - 1_000 } : {}),
  }));
  const state = {
    version: 1,
    timestamp: Date.now(),
    widgets: {},
    loading: { isLoading: false, loadingAgents: [] },
    errors: {},
  };
  writeFileSync(`${path}.tmp`, JSON.stringify({ ...state, activeTasks }));
  renameSync(`${path}.tmp`, path);
}

/** Returns that many tasks that differ only in their names. */
export function manyTasks(count: number, status: StateTask['status']): StateTask[] {
  return Array.from({ length: count }, (_, index) => ({
    taskId: `t${index}`,
    taskName: `Task number ${index}`,
    status,
    progress: 50,
  }));
}

function stepsOf(task: StateTask) {
  const done = { status: 'completed', startedAt: STARTED_AT - 60_000, completedAt: STARTED_AT - 30_000 };
  const current =
    task.status === 'completed'
      ? { ...done, startedAt: STARTED_AT - 30_000, completedAt: STARTED_AT - 1_000 }
      : { status: 'running', startedAt: STARTED_AT - 30_000, progress: task.progress ?? 0 };
  return [
    { index: 0, name: 'Fetch', ...done },
    { index: 1, name: 'Work', ...current },
    { index: 2, name: 'Store', ...(task.status === 'completed' ? done : { status: 'pending' }) },
  ];
}
