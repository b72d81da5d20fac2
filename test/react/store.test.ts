import { describe, expect, it } from 'vitest';
import type { DashboardState, TaskProgress } from '../../src/model/dashboard-state.ts';
import { createDashboardStore } from '../../src/react/store.ts';

const task = (taskId: string, given: Partial<TaskProgress> = {}): TaskProgress => ({
  taskId,
  taskName: `Task ${taskId}`,
  status: 'running',
  currentStep: 0,
  totalSteps: 2,
  steps: [
    { index: 0, name: 'fetch', status: 'running' },
    { index: 1, name: 'store', status: 'pending' },
  ],
  ...given,
});

describe('the dashboard store', () => {
  it('adds, replaces, changes and removes tasks by id', () => {
    const store = createDashboardStore();
    const { addTask, updateTask, removeTask } = store.getState();
    addTask(task('a'));
    addTask(task('b'));
    addTask(task('a', { status: 'completed' }));
    updateTask('b', { status: 'failed', error: 'disk full' });
    updateTask('nobody', { status: 'failed' });
    expect(store.getState().activeTasks.map(({ taskId, status }) => [taskId, status])).toEqual([
      ['b', 'failed'],
      ['a', 'completed'],
    ]);
    removeTask('b');
    expect(store.getState().activeTasks.map(({ taskId }) => taskId)).toEqual(['a']);
  });

  it('changes one step, notes it as the current one, and leaves other tasks as they are', () => {
    const store = createDashboardStore();
    store.getState().setActiveTasks([task('a'), task('b')]);
    const before = store.getState().activeTasks;
    store.getState().updateTaskStep('a', 1, { status: 'running', progress: 40 });
    const [a, b] = store.getState().activeTasks;
    expect(a).toMatchObject({
      currentStep: 1,
      steps: [{ status: 'running' }, { status: 'running', progress: 40 }],
    });
    expect(b).toBe(before[1]);
  });

  it('ignores a step that is not there', () => {
    const store = createDashboardStore();
    store.getState().setActiveTasks([task('a')]);
    const before = store.getState().activeTasks[0];
    store.getState().updateTaskStep('a', 9, { status: 'completed' });
    expect(store.getState().activeTasks[0]).toBe(before);
  });

  it('takes a whole state, and forgets what an earlier one had and this one lacks', () => {
    const store = createDashboardStore();
    const state: DashboardState = {
      version: 1,
      timestamp: 5,
      workspaceId: 'w',
      widgets: { alerts: [] },
      loading: { isLoading: true, loadingAgents: ['navi'] },
      errors: { navi: 'slow' },
      activeTasks: [task('a')],
    };
    store.getState().setFullState(state);
    expect(store.getState()).toMatchObject(state);
    const { workspaceId: _, ...without } = state;
    store.getState().setFullState(without);
    expect(store.getState().workspaceId).toBeUndefined();
    store.getState().updateState({ timestamp: 6 });
    expect(store.getState()).toMatchObject({ timestamp: 6, errors: { navi: 'slow' } });
    store.getState().reset();
    expect(store.getState()).toMatchObject({ timestamp: 0, activeTasks: [], errors: {} });
  });
});
