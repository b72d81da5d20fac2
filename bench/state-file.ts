import { renameSync, writeFileSync } from 'node:fs';

/** A task as the dashboard state has it (FORMATS 1), as far as the measurements need it. */
export interface StateTask {
  readonly taskId: string;
  readonly taskName: string;
  readonly status: 'running' | 'completed';
  readonly progress?: number;
}

/** Replaces the file as a careful producer does: written beside it, then renamed. */
export function writeStateFile(path: string, tasks: readonly StateTask[]): void {
  const now = Date.now();
  const activeTasks = tasks.map((task) => ({
    taskId: task.taskId,
    taskName: task.taskName,
    status: task.status,
    currentStep: 1,
    totalSteps: 3,
    steps: stepsOf(task, now),
    startedAt: now - 60_000,
    ...(task.status === 'completed' ? { completedAt: now - 1_000 } : {}),
  }));
  const state = {
    version: 1,
    timestamp: now,
    widgets: {},
    loading: { isLoading: false, loadingAgents: [] },
    errors: {},
  };
  writeFileSync(`${path}.tmp`, JSON.stringify({ ...state, activeTasks }));
  renameSync(`${path}.tmp`, path);
}

/** So many tasks, all alike but for their names. */
export function manyTasks(count: number, status: StateTask['status']): StateTask[] {
  return Array.from({ length: count }, (_, index) => ({
    taskId: `t${index}`,
    taskName: `Task number ${index}`,
    status,
    progress: 50,
  }));
}

function stepsOf(task: StateTask, now: number) {
  const done = { status: 'completed', startedAt: now - 60_000, completedAt: now - 30_000 };
  const current =
    task.status === 'completed'
      ? { ...done, startedAt: now - 30_000, completedAt: now - 1_000 }
      : { status: 'running', startedAt: now - 30_000, progress: task.progress ?? 0 };
  return [
    { index: 0, name: 'Fetch', ...done },
    { index: 1, name: 'Work', ...current },
    { index: 2, name: 'Store', ...(task.status === 'completed' ? done : { status: 'pending' }) },
  ];
}
