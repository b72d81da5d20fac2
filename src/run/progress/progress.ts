import type { FoundStep } from './found.ts';

/** What is known of a command's progress: no steps if nothing is, a single one without a name if only the whole is known. */
export interface Progress {
  readonly steps: readonly ProgressStep[];
}

export interface ProgressStep {
  readonly name: string | null;
  readonly status: FoundStep['status'];
  /** 0–100; null if not known. */
  readonly percent: number | null;
  /** Its share of the whole; 1 if absent. */
  readonly weight?: number;
}

export const UNKNOWN: Progress = { steps: [] };
