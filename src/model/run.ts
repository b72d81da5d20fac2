import type { StepStatus } from './task.ts';

/** What was said of a step at one moment of a run: `t` is ms since the run's start, `step` an index into its steps. */
export interface RunEvent {
  readonly t: number;
  readonly step: number;
  readonly status: StepStatus;
  /** The step's own progress, 0–100. */
  readonly progress?: number;
  /** What the publisher itself said was left, ms. */
  readonly reportedMs?: number;
}

/**
 * What is done again and again: runs with the same kind of source, name and steps (names without their numbers), in the
 * same directory where that is known: `make` is another job in another project.
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
  /** The task's name at its source: two watchers of the same task learn its run once. */
  readonly task: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: RunOutcome;
  /** In order of time, none later than `durationMs`; few enough to be kept. */
  readonly events: readonly RunEvent[];
  /** What was foretold when half of the time had gone; null if nothing was. */
  readonly foretold: Foretold | null;
}

/** An estimate as it was given: when, and between which moments it expected the end. All in ms since the start. */
export interface Foretold {
  readonly t: number;
  readonly earliest: number;
  readonly end: number;
  readonly latest: number;
}

/** In how many of the runs of which the end was foretold half-way it came within the band. */
export interface BandScore {
  readonly foretold: number;
  readonly held: number;
}
