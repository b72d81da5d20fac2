import type { CommandOffer } from './command.ts';
import type { TaskDetails } from './details.ts';
import type { SourceId, TaskId } from './id.ts';
import type { PlainText } from './text.ts';

/** The only statuses of a task. Each source's `format.ts` maps its own words to these seven. */
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

/** A status with the facts that go with it. Times are epoch ms. */
export type TaskState =
  | { readonly status: 'queued' | 'running' | 'waiting' | 'needs-input'; readonly reason: PlainText | null }
  | { readonly status: 'completed'; readonly endedAt: number | null; readonly result: PlainText | null }
  | { readonly status: 'failed'; readonly endedAt: number | null; readonly error: PlainText | null }
  | { readonly status: 'cancelled'; readonly endedAt: number | null; readonly reason: PlainText | null };

/** One step of a task. `progress` is 0–100, or null if unknown; `weight` is 1 unless the source says. Times are epoch ms. */
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
  /** Its name for people, if it has one besides its id. */
  readonly name?: PlainText;
  /** The party's own word, in the vocabulary of its source. */
  readonly status: PlainText;
  /** The task status that `status` corresponds to; absent if it corresponds to none. */
  readonly meaning?: TaskStatus;
  readonly updatedAt: number | null;
  readonly notes: PlainText | null;
}

/** What another taskglass, which has watched a task for longer, knows about its updates. */
export interface Watched {
  /** When the last update arrived, epoch ms. */
  readonly lastNewsAt: number;
  /** The usual time between two updates, ms; null before the second one. */
  readonly usualGapMs: number | null;
}

/** Everything a source reports about one task. Immutable: a change is a new object with a higher `revision`. */
export interface Task extends TaskDetails {
  readonly id: TaskId;
  readonly source: SourceId;
  /** The source's own id for the task. */
  readonly nativeId: string;
  /** Increased by the source at each change; meaningless across sources and restarts. */
  readonly revision: number;
  readonly name: PlainText;
  readonly state: TaskState;
  readonly steps: readonly Step[];
  /** How many steps there will be, if that is more than are listed yet. */
  readonly totalSteps: number;
  /** The source's own figure, 0–100; used if no steps are listed, or if the task failed or was cancelled. */
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
  /** The commands that make sense now; one that can't be sent says why. */
  readonly offers: readonly CommandOffer[];
  /** For a task from another taskglass, which has watched it since before we attached. */
  readonly watched?: Watched;
  /** Never mark it as stalled: it is changed by hand, or only when a piece of work is done. */
  readonly mayBeQuiet?: boolean;
  /** The taskglasses (and relays) that passed it on to us, the nearest first. */
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

/** Tells whether the task's only step has the task's own name, as for a command that was run, and so adds nothing. */
export function isOwnOnlyStep({ name, steps, totalSteps }: Task): boolean {
  return totalSteps === 1 && steps[0]?.name === name;
}

/** Returns why a task has its status: the error of a failed one, the reason of any other; null for a completed one. */
export function reasonOf(state: TaskState): PlainText | null {
  if (state.status === 'failed') return state.error;
  return 'reason' in state ? state.reason : null;
}

/** Returns the step to show as current: the first running one, else, unless the task has ended, the first pending one. */
export function currentStep(task: Task): Step | null {
  const running = task.steps.find((step) => step.status === 'running');
  if (running || hasEnded(task.state.status)) return running ?? null;
  return task.steps.find((step) => step.status === 'pending') ?? null;
}

/**
 * Returns the number, counted from 1, of the step at which the task is or failed; for any other ended task, how many
 * steps were done.
 */
export function stepNumber(task: Task): number {
  const step = currentStep(task) ?? task.steps.find(({ status }) => status === 'failed');
  return step ? step.index + 1 : stepsDone(task);
}

/** Returns how many steps were completed or skipped. */
export function stepsDone(task: Task): number {
  return task.steps.filter((step) => step.status === 'completed' || step.status === 'skipped').length;
}
