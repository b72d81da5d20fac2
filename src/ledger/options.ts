import type { Clock } from '../clock.ts';
import type { StepInput } from './format.ts';
import type { StepChange } from './progress.ts';
import type { ActionFunction } from './run-action.ts';

/** How a ledger is opened. */
export interface TaskTrackingOptions {
  /** The database; by default `ledger.db` in this user's data directory. `:memory:` keeps nothing. */
  readonly path?: string;
  /** Makes the file if there is none. True unless said. */
  readonly createIfMissing?: boolean;
  /** Who acts, as the history has it; a method's own `by` goes before it. */
  readonly by?: string;
  /** Verifications, hooks and rollbacks that definitions may name. */
  readonly functions?: Readonly<Record<string, ActionFunction>>;
  /** Runs the commands of a file that belongs to another user, too. */
  readonly allowCommands?: boolean;
  /** For commands, and for where the default file is; that of the process unless said. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long to wait for another program that keeps the file locked, ms; 15 000 unless said. */
  readonly lockTimeoutMs?: number;
  readonly clock?: Clock;
}

/** What every change may be asked with. */
export interface MoveOptions {
  /** Who does it. */
  readonly by?: string;
  /** Goes to the task's notes with it. */
  readonly note?: string;
  /** Refuses with `conflict` unless the run is still of this version. */
  readonly expectedVersion?: number;
}

export interface NextOptions extends Pick<MoveOptions, 'by'> {
  readonly job?: string;
  readonly module?: string;
  readonly start?: boolean;
}

export interface StartOptions extends MoveOptions {
  /** The scheduler's run that it belongs to. */
  readonly jobRun?: number;
  /** Although dependencies are not completed. */
  readonly force?: boolean;
}

export interface CompleteOptions extends MoveOptions {
  readonly result?: string;
  /** Without verification, and although dependencies are not completed. The hooks run all the same. */
  readonly force?: boolean;
  /** Ends what is running and takes the completion back. */
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
  /** Begins the next run, also if the present one was not completed. */
  readonly newRun?: boolean;
}

/** What `update` changes: the progress of a running task, or its definition. */
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
  /** Other steps: the run's steps begin anew, but for those that keep their names. */
  readonly steps?: readonly StepInput[];
}
