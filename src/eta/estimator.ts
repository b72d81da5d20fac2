/** What the estimator is told: `t` is ms since the task's start, `step` an index into `steps`. */
export interface ProgressUpdate {
  readonly t: number;
  readonly step: number;
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'skipped';
  /** The step's own progress, 0–100. */
  readonly progress?: number;
  /** What the publisher itself says is left, ms. */
  readonly reportedMs?: number;
}

/** How long until the task ends, ms, with a band that is meant to hold the truth four times in five. */
export interface Estimate {
  readonly remainingMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly basis: EstimateBasis;
}

/** What an estimate rests on: the publisher's word, earlier runs, the pace of the steps, or the rate within one. */
export type EstimateBasis = 'reported' | 'history' | 'steps' | 'rate';

/** A completed earlier run of the same job. */
export interface EarlierRun {
  readonly steps: readonly string[];
  readonly events: readonly ProgressUpdate[];
  readonly durationMs: number;
}

export interface Estimator {
  update(update: ProgressUpdate): void;
  /** null before anything has moved. `t` is ms since the task's start. */
  estimate(t: number): Estimate | null;
}
