import type { Estimate } from './estimator.ts';

/** An estimate, and what is shown with it. */
export interface ShownEstimate extends Estimate {
  /** How many earlier runs are known, and how long they usually took (ms, null if there are none). */
  readonly earlierRuns: number;
  readonly usualMs: number | null;
  /** Whether too little is known for a figure: the band is too wide, or a first run has only just begun. */
  readonly isVague: boolean;
  /** The end of the band as estimated at the last update (epoch ms): from then on, the task is late. */
  readonly lateAt: number;
  /** The estimated end stays the same until then, unless there is an update (epoch ms). */
  readonly reviewAt: number;
  /** Why more time is left than before, or the task takes longer than usual; null if neither is the case. */
  readonly delay: Delay | null;
  /** How many times as long as its publisher reports the task usually takes; null if it never reported. */
  readonly publisherFactor: number | null;
}

/** What the run is slower than: earlier runs, its own beginning, or its publisher's figure. */
export type Delay = 'than-usual' | 'than-before' | 'than-said';

/** Tells whether the predicted time has passed. */
export function isLate({ lateAt }: ShownEstimate, nowMs: number): boolean {
  return nowMs > lateAt;
}

/** A band wider than this says nothing worth a figure. */
const WIDEST_BAND = 10;
/** A band that begins sooner than this, ms, is treated as beginning then. */
const SOONEST_MS = 1_000;

/** Tells whether the band is too wide to be worth a figure. */
export function isVague({ lowMs, highMs }: Estimate): boolean {
  return highMs > WIDEST_BAND * Math.max(lowMs, SOONEST_MS);
}

/** A time counts as longer than another only if it exceeds it by this much, because every estimate fluctuates. */
const GROWTH = 1.25;
const GROWTH_MS = 5_000;

/** Tells whether `ms` is markedly more than `beforeMs`. */
export function hasGrown(ms: number, beforeMs: number): boolean {
  return ms > beforeMs * GROWTH + GROWTH_MS;
}

/** Returns the reason that is shown when the remaining time has grown. */
export function delayOf(basis: Estimate['basis'], earlierRuns: number): Delay {
  if (basis === 'reported') return 'than-said';
  return earlierRuns > 0 ? 'than-usual' : 'than-before';
}
