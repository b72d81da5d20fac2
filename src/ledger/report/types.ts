/** The input and the output of a report on a ledger. Times are epoch ms. */

/** An attempt at a task that has ended. */
export interface EndedAttempt {
  readonly taskId: string;
  readonly job: string | null;
  readonly outcome: AttemptOutcome;
  /** Null if its start was never reported. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** Why it failed; only its first line counts. */
  readonly error: string | null;
}

export type AttemptOutcome = 'completed' | 'failed' | 'cancelled';

/** The current state of a task. */
export interface ReportedTask {
  readonly id: string;
  readonly job: string | null;
  readonly status: string;
  readonly attempts: number;
  readonly updatedAt: number;
}

/** A run of a scheduler that shares the ledger's file. */
export interface ReportedRun {
  readonly job: string;
  readonly outcome: 'completed' | 'failed';
  readonly startedAt: number | null;
  readonly endedAt: number;
}

export interface Durations {
  /** How many durations are known. */
  readonly count: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

/**
 * The health of a job, by how it last ended; but `overdue` if a run that the scheduler planned has not begun, and `stale` if
 * its newest run has begun and nobody seems to be working on it.
 */
export type JobHealth = 'ok' | 'failing' | 'stale' | 'overdue' | 'unknown';

export interface JobReport {
  readonly job: string;
  readonly health: JobHealth;
  readonly tasks: number;
  readonly completed: number;
  readonly failed: number;
  /** The share of completed among completed and failed attempts, 0–100 with one decimal. */
  readonly successRate: number | null;
  readonly durations: Durations;
  readonly lastEndedAt: number | null;
  /** The scheduler's own runs, if it shares the file. */
  readonly runs: {
    readonly completed: number;
    readonly failed: number;
    readonly nextRunAt: number | null;
  } | null;
}

/** The report, as `report --json` prints it. */
export interface LedgerReport {
  readonly version: 1;
  readonly generatedAt: number;
  /** Null for everything. */
  readonly since: number | null;
  readonly tasks: {
    readonly total: number;
    readonly byStatus: Readonly<Record<string, number>>;
  };
  /** The share of completed among all tasks, 0–100 with one decimal; null if there are none. */
  readonly completionRate: number | null;
  /** The share of completed among completed and failed attempts, 0–100 with one decimal. */
  readonly successRate: number | null;
  /** The durations of completed attempts. */
  readonly durations: Durations;
  readonly attempts: {
    readonly ended: number;
    readonly completed: number;
    readonly failed: number;
    readonly cancelled: number;
    /** How many attempts a completed task took on average. */
    readonly perCompletedTask: number | null;
  };
  readonly failures: readonly { readonly reason: string; readonly count: number; readonly lastAt: number }[];
  readonly throughput: {
    /** Completed attempts per day, over the days from `since` (or the first end) until now. */
    readonly perDay: number | null;
    /** The days on which something ended, in this machine's time zone: `2026-11-21`. */
    readonly days: readonly { readonly day: string; readonly completed: number; readonly failed: number }[];
  };
  readonly jobs: readonly JobReport[];
}

export interface ReportInput {
  readonly tasks: readonly ReportedTask[];
  readonly attempts: readonly EndedAttempt[];
  readonly runs: readonly ReportedRun[];
  /** When the scheduler plans to run each job next. */
  readonly nextRuns: ReadonlyMap<string, number>;
  /** The jobs whose newest run, according to the scheduler, is stale. */
  readonly staleJobs: ReadonlySet<string>;
}
