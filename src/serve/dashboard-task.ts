import type { TaskProgress, TaskStep } from '../model/dashboard-state.ts';
import type { Question } from '../model/details.ts';
import { overallProgress } from '../model/progress.ts';
import { currentStep, endedAtOf, type Step, type Task, type TaskStatus } from '../model/task.ts';
import { reasonText } from '../present/reason.ts';

/** A task as AG-UI shows it, with the servers that have passed it on: other taskglasses need to know them. */
export interface ServedProgress extends TaskProgress {
  readonly via: readonly string[];
}

/** Returns a task in the dashboard's vocabulary, which is smaller: a waiting task counts as pending. */
export function dashboardTask(
  task: Task,
  expectedEndAt: number | null,
  via: readonly string[],
): ServedProgress {
  const steps = stepsOf(task);
  const words = reasonText(task);
  const endedAt = endedAtOf(task);
  return {
    taskId: task.id,
    taskName: task.name,
    // The dashboard has keys for a question, but no status: a task that asks something counts as running.
    status: task.question ? 'running' : STATUS_WORDS[task.state.status],
    currentStep: currentStep(task)?.index ?? Math.max(0, steps.length - 1),
    totalSteps: Math.max(task.totalSteps, steps.length),
    steps,
    ...(task.startedAt === null ? {} : { startedAt: task.startedAt }),
    ...(endedAt === null ? {} : { completedAt: endedAt }),
    ...(task.startedAt === null || expectedEndAt === null || expectedEndAt <= task.startedAt
      ? {}
      : { estimatedCompletionMs: Math.round(expectedEndAt - task.startedAt) }),
    ...(words === null ? {} : { error: words }),
    ...(task.question && { question: dashboardQuestion(task.question) }),
    via,
  };
}

const STATUS_WORDS: Readonly<Record<TaskStatus, TaskProgress['status']>> = {
  queued: 'pending',
  running: 'running',
  waiting: 'pending',
  'needs-input': 'pending',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

function dashboardQuestion({ text, choices, askedAt }: Question): NonNullable<TaskProgress['question']> {
  return { text, choices: [...choices], ...(askedAt !== null && { askedAt }) };
}

/**
 * Returns the steps of a task. The dashboard knows progress only within steps, so a task without steps is shown as a single
 * one.
 */
function stepsOf(task: Task): TaskStep[] {
  if (task.steps.length > 0) return task.steps.map(dashboardStep);
  const progress = overallProgress(task);
  if (progress === null) return [];
  const status = progress === 100 && task.state.status === 'completed' ? 'completed' : 'running';
  return [{ index: 0, name: task.name, status, progress }];
}

function dashboardStep({ index, name, status, progress, startedAt, endedAt }: Step): TaskStep {
  return {
    index,
    name,
    status: status === 'skipped' ? 'completed' : status,
    ...(startedAt === null ? {} : { startedAt }),
    ...(endedAt === null ? {} : { completedAt: endedAt }),
    ...(progress === null ? {} : { progress }),
  };
}
