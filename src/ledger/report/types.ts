/** What goes into a report on a ledger and what comes out of it. Times are epoch ms. */

/** One attempt at a task, to its end. */
export interface EndedAttempt {
  readonly taskId: string;
  readonly job: string | null;
  readonly outcome: AttemptOutcome;
  /** Null if it was never said to have started. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** Why it failed; only its first line counts. */
  readonly error: string | null;
}

export type AttemptOutcome = 'completed' | 'failed' | 'cancelled';

/** A task as it stands now. */
export interface ReportedTask {
  readonly id: string;
  readonly job: string | null;
  readonly status: string;
  readonly attempts: number;
  readonly updatedAt: number;
}

/** A run of a scheduler's own, beside the ledger in the same file. */
export interface ReportedRun {
  readonly job: string;
  readonly outcome: 'completed' | 'failed';
  readonly startedAt: number | null;
  readonly endedAt: number;
}

export interface Durations {
  /** How many were measured. */
  readonly count: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

/**
 * How a job does: its newest end decides; `overdue` where the scheduler planned a run that has not come, `stale` where
 * its newest run has begun and nobody seems to work on it any more.
 */
export type JobHealth = 'ok' | 'failing' | 'stale' | 'overdue' | 'unknown';

export interface JobReport {
  readonly job: string;
  readonly health: JobHealth;
  readonly tasks: number;
  readonly completed: number;
  readonly failed: number;
  /** Completed attempts of those that completed or failed, 0–100 with one decimal. */
  readonly successRate: number | null;
  readonly durations: Durations;
  readonly lastEndedAt: number | null;
  /** The scheduler's own runs, if it is in the same file. */
  readonly runs: {
    readonly completed: number;
    readonly failed: number;
    readonly nextRunAt: number | null;
  } | null;
}

/** The whole report, as `report --json` prints it. */
export interface LedgerReport {
  readonly version: 1;
  readonly generatedAt: number;
  /** Null for everything there is. */
  readonly since: number | null;
  readonly tasks: {
    readonly total: number;
    readonly byStatus: Readonly<Record<string, number>>;
  };
  /** Completed tasks of all, 0–100 with one decimal; null if there are none. */
  readonly completionRate: number | null;
  /** Completed attempts of those that completed or failed, 0–100 with one decimal. */
  readonly successRate: number | null;
  /** Of the completed attempts. */
  readonly durations: Durations;
  readonly attempts: {
    readonly ended: number;
    readonly completed: number;
    readonly failed: number;
    readonly cancelled: number;
    /** How many a completed task took, on average. */
    readonly perCompletedTask: number | null;
  };
  readonly failures: readonly { readonly reason: string; readonly count: number; readonly lastAt: number }[];
  readonly throughput: {
    /** Completed attempts a day, over the days from the first end (or `since`) until now. */
    readonly perDay: number | null;
    /** Days of this machine's zone on which something ended, `2026-11-21`. */
    readonly days: readonly { readonly day: string; readonly completed: number; readonly failed: number }[];
  };
  readonly jobs: readonly JobReport[];
}

export interface ReportInput {
  readonly tasks: readonly ReportedTask[];
  readonly attempts: readonly EndedAttempt[];
  readonly runs: readonly ReportedRun[];
  /** The scheduler's plan: when each job is to run next. */
  readonly nextRuns: ReadonlyMap<string, number>;
  /** The scheduler's jobs whose newest run is stale. */
  readonly staleJobs: ReadonlySet<string>;
}
