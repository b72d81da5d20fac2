import type { StepStatus } from '../model/task.ts';
import type { HistoryEntry } from './history-entry.ts';
import type { TaskFilter } from './sql/select-tasks.ts';
import type { LedgerStatus } from './sql/words.ts';

/** What has to be done, and how one knows that it was: the part of a task that is the same for each run. */
export interface TaskDefinition {
  /** Unique in its ledger; letters, digits and `._:/@-` are the easiest to type, any text is taken. */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** The scheduler's job that it belongs to: `jobs.job_name` where the ledger is a guest. */
  readonly job: string | null;
  readonly module: string | null;
  /** Lower comes first; null after all others. */
  readonly priority: number | null;
  /** Ids of the tasks that have to be completed first. */
  readonly dependencies: readonly string[];
  readonly steps: readonly StepDefinition[];
  /** Passes where the task is really done; without one a completion is taken at its word. */
  readonly verification: TaskAction | null;
  /** Run in order after the verification, before the task counts as completed; the first failure refuses it. */
  readonly beforeCompletion: readonly TaskAction[];
  /** Run in order once it is completed; the first failure takes the completion back. */
  readonly afterCompletion: readonly TaskAction[];
  /** Runs when the task has failed. */
  readonly rollback: TaskAction | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Keys of the file that it came from and that mean nothing here: kept, and exported again. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface StepDefinition {
  readonly name: string;
  /** Its share of the whole, more than 0; 1 unless said. */
  readonly weight: number;
}

/**
 * A command or a function, with a time limit in ms. A string runs in `/bin/sh`, a list without a shell. A function is
 * one that the program registered under that name (`TaskTrackingOptions.functions`).
 */
export type TaskAction = CommandAction | FunctionAction;

/** How long an action may take where its definition does not say. */
export const ACTION_TIMEOUT_MS = 60_000;

export interface CommandAction {
  readonly name: string | null;
  readonly command: string | readonly string[];
  /** Where it runs; by default where the program that asks runs. */
  readonly cwd: string | null;
  readonly timeoutMs: number;
}

export interface FunctionAction {
  readonly name: string | null;
  readonly function: string;
  readonly timeoutMs: number;
}

/** How one run of a task stands. Times are epoch ms. */
export interface TaskRun {
  readonly task: string;
  /** Counts from 1; a completed task that is reset begins the next one. */
  readonly run: number;
  readonly status: LedgerStatus;
  /** Counts from 1; each reset within a run adds one. */
  readonly attempt: number;
  /** The scheduler's run that it belongs to: `job_runs.id` where the ledger is a guest. */
  readonly jobRun: number | null;
  /** The task's own figure, 0–100; counts if no steps are listed. */
  readonly progress: number | null;
  readonly steps: readonly StepState[];
  readonly result: string | null;
  /** Why it failed, or why it was cancelled. */
  readonly error: string | null;
  /** When its verification passed for this completion. */
  readonly verifiedAt: number | null;
  /** It was completed although its verification or a dependency said no. */
  readonly isForced: boolean;
  /** Raised by each change: the number of lines that the history has of this run. */
  readonly version: number;
  readonly createdAt: number;
  /** The start of the present attempt. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly updatedAt: number;
}

/** A step of a run. `progress` is 0–100 or unknown. */
export interface StepState {
  readonly name: string;
  readonly weight: number;
  readonly status: StepStatus;
  readonly progress: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A task as the ledger answers for it: its definition and its present run. */
export interface TaskRecord {
  readonly definition: TaskDefinition;
  readonly status: TaskRun;
  /** Of a pending task: the dependencies that are not completed yet, or that the ledger does not know. */
  readonly waitsFor: readonly string[];
}

export interface TaskNote {
  readonly task: string;
  /** Epoch ms. */
  readonly at: number;
  readonly by: string | null;
  readonly text: string;
}

/** A whole task on its way out of a ledger or into one. */
export interface TaskTransfer {
  readonly definition: TaskDefinition;
  /** The oldest first; the last one is the present one. */
  readonly runs: readonly TaskRun[];
  readonly history: readonly HistoryEntry[];
  readonly notes: readonly TaskNote[];
}

/** What `export` gives and `import` takes, as JSON. */
export interface LedgerTransfer {
  readonly format: 'taskglass-ledger';
  readonly version: 1;
  /** Epoch ms. */
  readonly exportedAt: number;
  readonly tasks: readonly TaskTransfer[];
}

/** Which tasks, in which order. What is left out does not narrow. */
export type TaskQuery = TaskFilter;
