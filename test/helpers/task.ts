import { sourceId, taskId } from '../../src/model/id.ts';
import type { Step, Task } from '../../src/model/task.ts';
import { plainName } from '../../src/model/text.ts';
import type { TaskEntry } from '../../src/store/state.ts';

/** The source of all tasks that `makeTask` makes. */
export const TEST_SOURCE = sourceId('test');

/** Makes a task about which only `given` is known. */
export function makeTask(nativeId: string, given: Partial<Task> = {}): Task {
  const steps = given.steps ?? [];
  return {
    id: taskId(given.source ?? TEST_SOURCE, nativeId),
    source: TEST_SOURCE,
    nativeId,
    revision: 1,
    name: plainName(`task ${nativeId}`),
    state: { status: 'running', reason: null },
    totalSteps: steps.length,
    reportedProgress: null,
    reportedEndAt: null,
    startedAt: null,
    updatedAt: null,
    attempts: 1,
    priority: null,
    dependencies: [],
    notes: [],
    sessions: [],
    labels: {},
    offers: [],
    raw: null,
    ...given,
    steps,
  };
}

export function makeStep(index: number, given: Partial<Step> = {}): Step {
  return {
    index,
    name: plainName(`step ${index + 1}`),
    status: 'pending',
    progress: null,
    weight: 1,
    startedAt: null,
    endedAt: null,
    ...given,
  };
}

export function makeEntry(task: Task, given: Partial<TaskEntry> = {}): TaskEntry {
  return {
    task,
    pending: null,
    refused: null,
    lastNewsAt: 0,
    usualGapMs: null,
    newsCount: 0,
    seenEndingAt: null,
    ...given,
  };
}
