import type { FoundStep } from './found.ts';

/** What is known of a command's progress: no steps if nothing is, one without a name if it is that of the whole. */
export interface Progress {
  readonly steps: readonly ProgressStep[];
}

export interface ProgressStep {
  readonly name: string | null;
  readonly status: FoundStep['status'];
  /** 0–100; null where it is not known. */
  readonly percent: number | null;
  /** Its share of the whole; 1 where absent. */
  readonly weight?: number;
}

export const UNKNOWN: Progress = { steps: [] };
