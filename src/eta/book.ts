import type { TaskId } from '../model/id.ts';
import type { Step, Task } from '../model/task.ts';
import { hasEnded } from '../model/task.ts';
import { createEstimator } from './create-estimator.ts';
import type { Estimate, Estimator } from './estimator.ts';

/** Keeps one estimator for each run of each task, fed from what the sources say. */
export interface EtaBook {
  observe(task: Task, atMs: number): void;
  forget(id: TaskId): void;
  /** null for a task that does not run, or of which nothing has moved yet. */
  estimate(id: TaskId, nowMs: number): Estimate | null;
}

interface Run {
  readonly key: string;
  readonly startedAt: number;
  readonly estimator: Estimator;
  steps: readonly Step[];
}

export function createEtaBook(): EtaBook {
  const runs = new Map<TaskId, Run>();

  return {
    observe(task, atMs) {
      if (hasEnded(task.state.status) || task.state.status === 'queued') {
        runs.delete(task.id);
        return;
      }
      const run = continued(runs.get(task.id), task) ?? newRun(task, atMs);
      runs.set(task.id, run);
      feed(run, task, Math.max(0, atMs - run.startedAt));
    },
    forget: (id) => void runs.delete(id),
    estimate(id, nowMs) {
      const run = runs.get(id);
      return run ? run.estimator.estimate(Math.max(0, nowMs - run.startedAt)) : null;
    },
  };
}

/** A run goes on as long as attempt, start and steps stay the same. */
function continued(run: Run | undefined, task: Task): Run | undefined {
  return run?.key === runKey(task) ? run : undefined;
}

function runKey(task: Task): string {
  return JSON.stringify([task.attempts, task.startedAt, stepNames(task)]);
}

function newRun(task: Task, atMs: number): Run {
  return {
    key: runKey(task),
    startedAt: task.startedAt ?? atMs,
    estimator: createEstimator({ steps: stepNames(task), job: task.name }),
    steps: [],
  };
}

/** Steps that are announced but not listed yet count by number. A task without steps is one step of its own. */
function stepNames(task: Task): string[] {
  if (task.steps.length === 0) return [task.name];
  return Array.from(
    { length: task.totalSteps },
    (_, index) => task.steps[index]?.name ?? `step ${index + 1}`,
  );
}

function feed(run: Run, task: Task, t: number): void {
  const reported =
    task.reportedEndAt === null ? {} : { reportedMs: Math.max(0, task.reportedEndAt - run.startedAt - t) };
  if (task.steps.length === 0) {
    const progress = task.reportedProgress === null ? {} : { progress: task.reportedProgress };
    run.estimator.update({ t, step: 0, status: 'running', ...progress, ...reported });
    return;
  }
  for (const step of task.steps) {
    const before = run.steps[step.index];
    const isNews = before?.status !== step.status || before.progress !== step.progress;
    if (!isNews) continue;
    const progress = step.progress === null ? {} : { progress: step.progress };
    run.estimator.update({ t, step: step.index, status: step.status, ...progress, ...reported });
  }
  run.steps = task.steps;
}
