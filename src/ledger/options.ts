import type { Clock } from '../clock.ts';
import type { StepInput } from './format.ts';
import type { StepChange } from './progress.ts';
import type { ActionFunction } from './run-action.ts';

/** How a ledger is opened. */
export interface TaskTrackingOptions {
  /** The database file; by default `ledger.db` in this user's data directory. With `:memory:`, nothing is kept. */
  readonly path?: string;
  /** Whether to create the file if there is none; true by default. */
  readonly createIfMissing?: boolean;
  /** Who makes the changes, for the history; a method's own `by` takes precedence. */
  readonly by?: string;
  /** The functions that definitions may name as verifications, hooks and rollbacks. */
  readonly functions?: Readonly<Record<string, ActionFunction>>;
  /** Whether to run commands even if the file belongs to another user; false by default. */
  readonly allowCommands?: boolean;
  /** The environment for commands, and for finding the default file; by default that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long to wait for another program that has locked the file, ms; 15,000 by default. */
  readonly lockTimeoutMs?: number;
  readonly clock?: Clock;
}

/** Options of every change. */
export interface MoveOptions {
  /** Who makes the change. */
  readonly by?: string;
  /** A text to add to the task's notes. */
  readonly note?: string;
  /** Refuses with `conflict` unless the run still has this version. */
  readonly expectedVersion?: number;
}

export interface NextOptions extends Pick<MoveOptions, 'by'> {
  readonly job?: string;
  readonly module?: string;
  readonly start?: boolean;
}

export interface StartOptions extends MoveOptions {
  /** The scheduler's run to which it belongs. */
  readonly jobRun?: number;
  /** Starts the task even if dependencies are not completed. */
  readonly force?: boolean;
}

export interface CompleteOptions extends MoveOptions {
  readonly result?: string;
  /** Skips the verification, and ignores dependencies that are not completed. The hooks run nevertheless. */
  readonly force?: boolean;
  /** Ends running actions and revokes the completion. */
  readonly signal?: AbortSignal;
}

export interface FailOptions extends MoveOptions {
  readonly error: string;
  /** Ends the rollback. */
  readonly signal?: AbortSignal;
}

export interface CancelOptions extends MoveOptions {
  readonly reason?: string;
}

export interface ResetOptions extends MoveOptions {
  /** Begins the next run even if the current one was not completed. */
  readonly newRun?: boolean;
}

/** What `update` changes: the progress of a running task, its definition, or both. */
export interface TaskChange {
  /** 0–100, for tasks without steps. */
  readonly progress?: number | null;
  readonly step?: StepChange;
  readonly name?: string;
  readonly description?: string | null;
  readonly job?: string | null;
  readonly module?: string | null;
  readonly priority?: number | null;
  readonly dependencies?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** New steps. Those whose names do not change keep their state; all others are pending. */
  readonly steps?: readonly StepInput[];
}
