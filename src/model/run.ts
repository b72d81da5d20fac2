import type { StepStatus } from './task.ts';

/** What was reported about a step during a run: `t` is ms since the run's start, `step` an index into its steps. */
export interface RunEvent {
  readonly t: number;
  readonly step: number;
  readonly status: StepStatus;
  /** The step's own progress, 0–100. */
  readonly progress?: number;
  /** The remaining time that the publisher itself reported, ms. */
  readonly reportedMs?: number;
}

/**
 * Work that is done repeatedly. Two runs are of the same job if they agree in the kind of source, the name and the steps
 * (ignoring numbers in names), and in the directory if it is known: `make` in another project is another job.
 */
export interface Job {
  readonly kind: string;
  readonly name: string;
  readonly cwd?: string;
  readonly steps: readonly string[];
}

/** How a run ended. */
export const RUN_OUTCOMES = ['completed', 'failed', 'cancelled'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** One run of a job, from its start to its end. */
export interface FinishedRun {
  readonly job: Job;
  /** Identifies the task at its source, so that two views of the same task learn its run only once. */
  readonly task: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: RunOutcome;
  /** In order of time, none later than `durationMs`; thinned out, so that they can be stored. */
  readonly events: readonly RunEvent[];
  /** The estimate that was shown when half of the run's time had passed; null if there was none. */
  readonly foretold: Foretold | null;
}

/** An estimate that was made at `t`: the expected end, and the band around it. All in ms since the run's start. */
export interface Foretold {
  readonly t: number;
  readonly earliest: number;
  readonly end: number;
  readonly latest: number;
}

/** Of the runs with an estimate half-way (`foretold`), how many ended within its band (`held`). */
export interface BandScore {
  readonly foretold: number;
  readonly held: number;
}
