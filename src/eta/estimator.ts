/** An update for the estimator: `t` is ms since the task's start, `step` an index into `steps`. */
export interface ProgressUpdate {
  readonly t: number;
  readonly step: number;
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'skipped';
  /** The step's own progress, 0–100. */
  readonly progress?: number;
  /** The remaining time that the publisher itself reports, ms. */
  readonly reportedMs?: number;
}

/** What an estimator hears. Of a task that is one step, the index may be left out; what has no status runs. */
export type ToldUpdate = Omit<ProgressUpdate, 'step' | 'status'> &
  Partial<Pick<ProgressUpdate, 'step' | 'status'>>;

/** How long until the task ends, ms, with a band that is meant to contain the truth four times out of five. */
export interface Estimate {
  readonly remainingMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly basis: EstimateBasis;
}

/** What an estimate is based on: the publisher's figure, earlier runs, the pace of the steps, or the rate within one. */
export type EstimateBasis = 'reported' | 'history' | 'steps' | 'rate';

/** A completed earlier run of the same job. */
export interface EarlierRun {
  readonly steps: readonly string[];
  readonly events: readonly ProgressUpdate[];
  readonly durationMs: number;
}

export interface Estimator {
  update(update: ToldUpdate): void;
  /** Returns null until something has moved. `t` is ms since the task's start. */
  estimate(t: number): Estimate | null;
}
