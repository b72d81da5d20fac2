import type { Answer } from '../../model/answer.ts';
import type { AskedQuestion, DashboardState, TaskProgress, TaskStep } from '../../model/dashboard-state.ts';
import { errorMessage } from '../../model/problem.ts';
import { oneDecimal, overallProgress, percentage } from '../../model/progress.ts';

/** How a task of the dashboard moves: pure functions from one `TaskProgress` to the next. `now` is epoch ms. */

/** Returns the full state, in the schema's order. `timestamp` is epoch ms. */
export function stateOf(parts: {
  readonly timestamp: number;
  readonly workspaceId?: string;
  readonly userId?: string;
  readonly activeProject?: string;
  readonly errors: Record<string, string>;
  readonly tasks: readonly TaskProgress[];
}): DashboardState {
  const { timestamp, workspaceId, userId, activeProject, errors, tasks } = parts;
  return {
    version: 1,
    timestamp,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(userId === undefined ? {} : { userId }),
    ...(activeProject === undefined ? {} : { activeProject }),
    widgets: {},
    loading: { isLoading: false, loadingAgents: [] },
    errors,
    activeTasks: [...tasks],
  };
}

/** Throws if a program in plain JavaScript gives a task no id by which it could be found. */
export function refuseNoId(taskId: string, taskName: string): void {
  if (typeof taskId === 'string' && taskId !== '') return;
  throw new TypeError(`the task ${taskName} is not started: its id is not a text, or is empty`);
}

export function startedTask(options: {
  readonly taskId: string;
  readonly taskName: string;
  readonly steps: readonly string[];
  readonly estimatedDurationMs: number | undefined;
  /** The previous task with this id. */
  readonly before: TaskProgress | undefined;
  readonly now: number;
}): TaskProgress {
  const { taskId, taskName, steps, estimatedDurationMs, before, now } = options;
  return {
    taskId,
    taskName: String(taskName),
    status: 'running',
    currentStep: 0,
    totalSteps: steps.length,
    steps: steps.map((name, index) => ({ index, name: String(name), status: 'pending' })),
    startedAt: now,
    ...(isDuration(estimatedDurationMs) ? { estimatedCompletionMs: Math.round(estimatedDurationMs) } : {}),
    ...(before && isDoneAgain(before) ? { attempts: (before.attempts ?? 1) + 1 } : {}),
  };
}

/**
 * Tells whether a new start is another attempt. A failed or cancelled task is tried again; after a completed one, it is other
 * work under the same id.
 */
function isDoneAgain({ status }: TaskProgress): boolean {
  return status === 'failed' || status === 'cancelled';
}

/** Moves a step. The one that was last changed is the current one. */
export function withStep(
  task: TaskProgress,
  index: number,
  status: TaskStep['status'],
  progress: number | null,
  now: number,
): TaskProgress {
  const steps = task.steps.map((step) =>
    step.index === index ? movedStep(step, status, progress, now) : step,
  );
  return { ...task, steps, currentStep: index };
}

/** Replaces the steps of a running task; one that keeps its place and name keeps its progress. */
export function withSteps(
  task: TaskProgress,
  names: readonly string[],
  weights: readonly number[] = [],
): TaskProgress {
  const steps = names.map((name, index): TaskStep => {
    const { weight: _, ...before } = task.steps[index] ?? { index, name: null, status: 'pending' };
    const weight = weights[index] ?? 1;
    const kept: TaskStep = before.name === name ? { ...before, name } : { index, name, status: 'pending' };
    return weight === 1 ? kept : { ...kept, weight };
  });
  return {
    ...task,
    steps,
    totalSteps: steps.length,
    currentStep: Math.min(task.currentStep, Math.max(0, steps.length - 1)),
  };
}

/** What is reported on a task besides its steps, each key as it becomes known. */
export interface TaskDescription {
  readonly host?: string;
  readonly cwd?: string;
  readonly pid?: number;
  readonly retryOf?: string;
  readonly lastLine?: string;
  /** What the task asks a person, with the answers to choose from, if any; null once it continues. */
  readonly question?: string | AskedQuestion | null;
  /** Why it is idle at present; null once it continues. */
  readonly idle?: string | null;
}

export function describedTask(task: TaskProgress, description: TaskDescription, now: number): TaskProgress {
  const { question, idle, ...told } = description;
  const { question: asked, idle: before, ...rest } = task;
  const kept = question === undefined ? asked : askedNow(question, asked, now);
  const why = idle === undefined ? before : (idle ?? undefined);
  return {
    ...rest,
    ...told,
    ...(kept ? { question: kept } : {}),
    ...(why === undefined ? {} : { idle: why }),
    updatedAt: now,
  };
}

/**
 * Records the last printed line. It may become known only after the task's end; before that, it shows that the task is alive.
 */
export function printedTask(task: TaskProgress, lastLine: string, now: number): TaskProgress {
  return hasTaskEnded(task) ? { ...task, lastLine } : describedTask(task, { lastLine }, now);
}

/** Returns the question. If it is the same as before, it has been open since it was first asked. */
function askedNow(
  question: NonNullable<TaskDescription['question']> | null,
  before: TaskProgress['question'],
  now: number,
): TaskProgress['question'] {
  if (question === null) return undefined;
  const { text, choices, ...more } =
    typeof question === 'string' ? { text: question, choices: [] } : question;
  return before?.text === text ? before : { text, choices: [...choices], askedAt: now, ...more };
}

/** How many of a task's answers are kept. */
const ANSWERS_KEPT = 20;

/** Records an answer, which answers the question. */
export function answeredTask(task: TaskProgress, { text, by, at }: Answer, now: number): TaskProgress {
  const { question, answers = [], ...rest } = task;
  const noted = { question: question?.text ?? '', text, by, at };
  return { ...rest, answers: [...answers, noted].slice(-ANSWERS_KEPT), updatedAt: now };
}

/** Completes a task with all its steps, even failed ones. */
export function completedTask(task: TaskProgress, now: number): TaskProgress {
  const steps = task.steps.map((step) =>
    step.status === 'completed' ? step : movedStep(step, 'completed', null, now),
  );
  return withoutQuestion({ ...task, status: 'completed', completedAt: now, steps });
}

/** Fails a task. Plain JavaScript may pass anything that it has caught. */
export function failedTask(task: TaskProgress, error: unknown, now: number): TaskProgress {
  const steps = task.steps.map((step) =>
    step.status === 'running' ? movedStep(step, 'failed', null, now) : step,
  );
  return withFigure(task, { ...task, status: 'failed', completedAt: now, error: errorMessage(error), steps });
}

/** Cancels a task. The running step goes back to pending, without its start. */
export function cancelledTask(task: TaskProgress, now: number): TaskProgress {
  const steps = task.steps.map((step) =>
    step.status === 'running' ? movedStep(step, 'pending', null, now) : step,
  );
  return withFigure(task, { ...task, status: 'cancelled', completedAt: now, steps });
}

/** Keeps the previous figure if the interrupted steps would lose it. */
function withFigure(before: TaskProgress, ended: TaskProgress): TaskProgress {
  const progress = figureOf(before);
  const isKept = progress === null || progress === figureOf(ended);
  return withoutQuestion(isKept ? ended : { ...ended, progress });
}

/** Removes the question: nobody waits for an answer any more. */
function withoutQuestion({ question: _, idle: __, ...task }: TaskProgress): TaskProgress {
  return task;
}

function figureOf({ status, steps, totalSteps }: TaskProgress): number | null {
  const weighed = steps.map((step) => ({
    status: step.status,
    progress: step.progress ?? null,
    weight: step.weight ?? 1,
  }));
  return overallProgress({ state: { status }, steps: weighed, totalSteps, reportedProgress: null });
}

/** Reads a step's progress from a worker: 0–100 with one decimal, null for none, and what was odd about it. */
export function readFigure(progress: number | null | undefined): {
  readonly figure: number | null;
  readonly complaint: string | null;
} {
  if (progress === undefined || progress === null) return { figure: null, complaint: null };
  const figure = percentage(progress);
  if (figure === null) return { figure, complaint: 'a progress that is not a number was ignored' };
  const complaint = figure === Number(progress) ? null : 'a progress outside 0–100 was clamped';
  return { figure: oneDecimal(figure), complaint };
}

export function isStepStatus(word: string): word is TaskStep['status'] {
  return word === 'pending' || word === 'running' || word === 'completed' || word === 'failed';
}

export function hasTaskEnded(task: TaskProgress): boolean {
  return task.status === 'completed' || task.status === 'failed' || task.status === 'cancelled';
}

function movedStep(
  step: TaskStep,
  status: TaskStep['status'],
  progress: number | null,
  now: number,
): TaskStep {
  const { index, name, weight } = step;
  const kept = { index, name, ...(weight === undefined ? {} : { weight }) };
  if (status === 'pending') return { ...kept, status };
  const isRestart = status === 'running' && step.status !== 'running';
  const startedAt = isRestart ? now : step.startedAt;
  const figure = progress ?? (isRestart ? undefined : step.progress);
  return {
    ...kept,
    status,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(status === 'running' ? {} : { completedAt: now }),
    ...(figure === undefined ? {} : { progress: figure }),
  };
}

function isDuration(raw: number | undefined): raw is number {
  return raw !== undefined && Number.isFinite(raw) && raw >= 0;
}
