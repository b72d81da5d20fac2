import type { CommandOffer } from './command.ts';
import type { TaskDetails } from './details.ts';
import type { SourceId, TaskId } from './id.ts';
import type { PlainText } from './text.ts';

/** The one vocabulary. Every source's own words are mapped to these seven by its `format.ts`. */
export const TASK_STATUSES = [
  'queued',
  'running',
  'waiting',
  'needs-input',
  'completed',
  'failed',
  'cancelled',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const STEP_STATUSES = ['pending', 'running', 'completed', 'failed', 'skipped'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** A status with the facts that belong to it. Times are epoch milliseconds. */
export type TaskState =
  | { readonly status: 'queued' | 'running' | 'waiting' | 'needs-input'; readonly reason: PlainText | null }
  | { readonly status: 'completed'; readonly endedAt: number | null; readonly result: PlainText | null }
  | { readonly status: 'failed'; readonly endedAt: number | null; readonly error: PlainText | null }
  | { readonly status: 'cancelled'; readonly endedAt: number | null; readonly reason: PlainText | null };

/** One step of a task. `progress` is 0–100 or unknown; `weight` its share of the whole, 1 unless the source says. */
export interface Step {
  readonly index: number;
  readonly name: PlainText;
  readonly status: StepStatus;
  readonly progress: number | null;
  readonly weight: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface Note {
  readonly at: number | null;
  readonly text: PlainText;
}

/** One of several parties that work on a task: an agent's session, or a job's provider. */
export interface Session {
  readonly id: string;
  /** What people call it, if it has a name beside its id. */
  readonly name?: PlainText;
  /** The party's own word, in the vocabulary of its source. */
  readonly status: PlainText;
  /** What the word comes to in the one vocabulary; absent where it comes to nothing there. */
  readonly meaning?: TaskStatus;
  readonly updatedAt: number | null;
  readonly notes: PlainText | null;
}

/** What somebody who has watched a task for longer knows of its rhythm. */
export interface Watched {
  /** When the last news of it came, epoch ms. */
  readonly lastNewsAt: number;
  /** The usual time between two updates, ms; null before the second one. */
  readonly usualGapMs: number | null;
}

/** Everything a source says of one task. Immutable; a source publishes a new one with a higher `revision`. */
export interface Task extends TaskDetails {
  readonly id: TaskId;
  readonly source: SourceId;
  /** The name by which the source itself knows the task. */
  readonly nativeId: string;
  /** Raised by the source at each change; meaningless across sources and restarts. */
  readonly revision: number;
  readonly name: PlainText;
  readonly state: TaskState;
  readonly steps: readonly Step[];
  /** How many steps there will be, if that is more than are listed yet. */
  readonly totalSteps: number;
  /** The source's own figure, 0–100; counts if no steps are listed, and on a task that failed or was cancelled. */
  readonly reportedProgress: number | null;
  /** When the source itself expects the end, epoch ms. */
  readonly reportedEndAt: number | null;
  /** How long earlier successful runs of the same job took, ms, the oldest first, if the source itself knows. */
  readonly pastDurationsMs?: readonly number[];
  readonly startedAt: number | null;
  readonly updatedAt: number | null;
  /** Counts from 1. */
  readonly attempts: number;
  readonly priority: number | null;
  readonly dependencies: readonly TaskId[];
  readonly notes: readonly Note[];
  readonly sessions: readonly Session[];
  readonly labels: Readonly<Record<string, PlainText>>;
  /** What may be asked of the task now; what can't be says why. */
  readonly offers: readonly CommandOffer[];
  /** What another taskglass has seen of the task, if it comes from one: that counts, not when we happened to attach. */
  readonly watched?: Watched;
  /** Nothing follows from its silence: it is changed by hand, or when a piece of work is done. */
  readonly mayBeQuiet?: boolean;
  /** By whom it came to us, the nearest first: taskglasses that have passed it on, relays. */
  readonly via?: readonly string[];
  /** The source's own document of this task, for the detail pane; must hold no secrets. */
  readonly raw: unknown;
}

export function hasEnded(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

export function endedAtOf(task: Task): number | null {
  return 'endedAt' in task.state ? task.state.endedAt : null;
}

/** Tells whether the task is one step of its own name (a command that was run), which adds nothing to it. */
export function isOwnOnlyStep({ name, steps, totalSteps }: Task): boolean {
  return totalSteps === 1 && steps[0]?.name === name;
}

/** Returns why a task has its status: the reason of an unended or cancelled one, the error of a failed one. */
export function reasonOf(state: TaskState): PlainText | null {
  if (state.status === 'failed') return state.error;
  return 'reason' in state ? state.reason : null;
}

/** Returns the step to show as current: the first running one, else the one after the last that ended. */
export function currentStep(task: Task): Step | null {
  const running = task.steps.find((step) => step.status === 'running');
  if (running || hasEnded(task.state.status)) return running ?? null;
  return task.steps.find((step) => step.status === 'pending') ?? null;
}

/**
 * Returns the number of the step that the task is at, or has failed at, counted from 1; how many are done once it has
 * completed.
 */
export function stepNumber(task: Task): number {
  const step = currentStep(task) ?? task.steps.find(({ status }) => status === 'failed');
  return step ? step.index + 1 : stepsDone(task);
}

/** Returns how many steps are behind the task. */
export function stepsDone(task: Task): number {
  return task.steps.filter((step) => step.status === 'completed' || step.status === 'skipped').length;
}
