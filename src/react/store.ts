import { create, type StateCreator } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { DashboardState, TaskProgress, TaskStep } from '../model/dashboard-state.ts';

/** The dashboard's state and its actions. Each action replaces the objects that it changes; unknown ids change nothing. */
export interface DashboardStore extends DashboardState {
  setActiveTasks(tasks: readonly TaskProgress[]): void;
  /** Adds a task, or replaces the one with its id. */
  addTask(task: TaskProgress): void;
  updateTask(taskId: string, changes: Partial<TaskProgress>): void;
  updateTaskStep(taskId: string, stepIndex: number, changes: Partial<TaskStep>): void;
  removeTask(taskId: string): void;
  /** Replaces the whole state with one from an emitter. */
  setFullState(state: DashboardState): void;
  updateState(changes: Partial<DashboardState>): void;
  reset(): void;
}

const EMPTY: DashboardState = {
  version: 1,
  timestamp: 0,
  widgets: {},
  loading: { isLoading: false, loadingAgents: [] },
  errors: {},
  activeTasks: [],
};

const dashboard: StateCreator<DashboardStore> = (set, get, store) => {
  const setTasks = (change: (tasks: TaskProgress[]) => TaskProgress[]) =>
    set(({ activeTasks }) => ({ activeTasks: change(activeTasks) }));

  return {
    ...EMPTY,
    setActiveTasks: (tasks) => set({ activeTasks: [...tasks] }),
    addTask: (task) => setTasks((tasks) => [...tasks.filter(({ taskId }) => taskId !== task.taskId), task]),
    updateTask: (taskId, changes) =>
      setTasks((tasks) => tasks.map((task) => (task.taskId === taskId ? { ...task, ...changes } : task))),
    updateTaskStep: (taskId, stepIndex, changes) =>
      setTasks((tasks) =>
        tasks.map((task) => (task.taskId === taskId ? withStep(task, stepIndex, changes) : task)),
      ),
    removeTask: (removed) => setTasks((tasks) => tasks.filter(({ taskId }) => taskId !== removed)),
    setFullState: (state) => set({ ...store.getInitialState(), ...state }, true),
    updateState: (changes) => set({ ...get(), ...changes }),
    reset: () => set(store.getInitialState(), true),
  };
};

/** Creates a separate store, for programs that show more than one dashboard. */
export const createDashboardStore = () => createStore(dashboard);

/** The store that the hooks read; feed it with `useDashboardStore.getState().setFullState(state)`. */
export const useDashboardStore = create(dashboard);

function withStep(task: TaskProgress, stepIndex: number, changes: Partial<TaskStep>): TaskProgress {
  const steps = task.steps.map((step) => (step.index === stepIndex ? { ...step, ...changes } : step));
  return steps.some((step, at) => step !== task.steps[at])
    ? { ...task, steps, currentStep: stepIndex }
    : task;
}
