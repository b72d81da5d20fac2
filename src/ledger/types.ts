import type { StepStatus } from '../model/task.ts';
import type { HistoryEntry } from './history-entry.ts';
import type { TaskFilter } from './sql/select-tasks.ts';
import type { LedgerStatus } from './sql/words.ts';

/** What is to be done, and how to verify that it was: the part of a task that is the same for each run. */
export interface TaskDefinition {
  /** Unique in its ledger; any text, but letters, digits and `._:/@-` are the easiest to type. */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** The scheduler's job to which it belongs: `jobs.job_name` if the ledger is in a scheduler's database. */
  readonly job: string | null;
  readonly module: string | null;
  /** Lower comes first; null comes last. */
  readonly priority: number | null;
  /** The ids of the tasks that must be completed first. */
  readonly dependencies: readonly string[];
  readonly steps: readonly StepDefinition[];
  /** Succeeds only if the task is really done; without one, completing it is not verified. */
  readonly verification: TaskAction | null;
  /** Run in order after the verification, before the task counts as completed; the first failure refuses the completion. */
  readonly beforeCompletion: readonly TaskAction[];
  /** Run in order once it is completed; the first failure revokes the completion. */
  readonly afterCompletion: readonly TaskAction[];
  /** Runs when the task has failed. */
  readonly rollback: TaskAction | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Unknown keys from the file it came from: kept, and exported again. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface StepDefinition {
  readonly name: string;
  /** Its share of the whole, more than 0; 1 by default. */
  readonly weight: number;
}

/**
 * A command or a function, with a time limit in ms. A string runs in `/bin/sh`, a list without a shell. A function is named,
 * and must be registered by the program (`TaskTrackingOptions.functions`).
 */
export type TaskAction = CommandAction | FunctionAction;

/** How long an action may take by default, ms. */
export const ACTION_TIMEOUT_MS = 60_000;

export interface CommandAction {
  readonly name: string | null;
  readonly command: string | readonly string[];
  /** The directory in which it runs; by default that of the program that uses the ledger. */
  readonly cwd: string | null;
  readonly timeoutMs: number;
}

export interface FunctionAction {
  readonly name: string | null;
  readonly function: string;
  readonly timeoutMs: number;
}

/** The state of one run of a task. Times are epoch ms. */
export interface TaskRun {
  readonly task: string;
  /** Counts from 1; a completed task that is reset begins the next one. */
  readonly run: number;
  readonly status: LedgerStatus;
  /** Counts from 1; each reset within a run adds one. */
  readonly attempt: number;
  /** The scheduler's run to which it belongs: `job_runs.id` if the ledger is in a scheduler's database. */
  readonly jobRun: number | null;
  /** The task's own figure, 0–100; used if it has no steps. */
  readonly progress: number | null;
  readonly steps: readonly StepState[];
  readonly result: string | null;
  /** Why it failed, or why it was cancelled. */
  readonly error: string | null;
  /** When its verification passed for this completion. */
  readonly verifiedAt: number | null;
  /** Whether `force` skipped its verification, or a dependency that was not completed. */
  readonly isForced: boolean;
  /** Increased by each change: the number of this run's lines of history. */
  readonly version: number;
  readonly createdAt: number;
  /** The start of the current attempt. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly updatedAt: number;
}

/** A step of a run. `progress` is 0–100, or null if unknown. Times are epoch ms. */
export interface StepState {
  readonly name: string;
  readonly weight: number;
  readonly status: StepStatus;
  readonly progress: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A task as the ledger returns it: its definition and its current run. */
export interface TaskRecord {
  readonly definition: TaskDefinition;
  readonly status: TaskRun;
  /** If it is pending: the dependencies that are not completed yet, or that the ledger does not know. */
  readonly waitsFor: readonly string[];
}

export interface TaskNote {
  readonly task: string;
  /** Epoch ms. */
  readonly at: number;
  readonly by: string | null;
  readonly text: string;
}

/** A complete task, for export and import. */
export interface TaskTransfer {
  readonly definition: TaskDefinition;
  /** The oldest first; the last one is the current one. */
  readonly runs: readonly TaskRun[];
  readonly history: readonly HistoryEntry[];
  readonly notes: readonly TaskNote[];
}

/** What `exportTasks` returns and `importTasks` takes. */
export interface LedgerTransfer {
  readonly format: 'taskglass-ledger';
  readonly version: 1;
  /** Epoch ms. */
  readonly exportedAt: number;
  readonly tasks: readonly TaskTransfer[];
}

/** Which tasks to return, in which order. A key that is left out excludes none. */
export type TaskQuery = TaskFilter;
