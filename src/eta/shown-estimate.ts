import type { Estimate } from './estimator.ts';

/** An estimate, and what there is to say of it. */
export interface ShownEstimate extends Estimate {
  /** How many earlier runs are known, and how long they usually took (ms, null if there are none). */
  readonly earlierRuns: number;
  readonly usualMs: number | null;
  /** Too little is known for a figure: the band is wider than tenfold, or a first run has only begun. */
  readonly isVague: boolean;
  /** When the band that was foretold at the last news will have passed: from then on it is late (epoch ms). */
  readonly lateAt: number;
  /** Until then the end stays as it is, unless there is news (epoch ms). */
  readonly reviewAt: number;
  /** Why more is left than there once was, or than usual; null if it only ever became less. */
  readonly delay: Delay | null;
  /** How many times longer than its publisher said this usually takes; null if it never said. */
  readonly publisherFactor: number | null;
}

/** What it is slower than: earlier runs, its own beginning, or what its publisher had said. */
export type Delay = 'than-usual' | 'than-before' | 'than-said';

/** Is it past what was foretold? */
export function isLate({ lateAt }: ShownEstimate, nowMs: number): boolean {
  return nowMs > lateAt;
}

/** A band wider than this says nothing worth a figure. */
const WIDEST_BAND = 10;
/** A band that begins sooner than this counts as beginning then, ms. */
const SOONEST_MS = 1_000;

/** Is the band too wide to be worth a figure? */
export function isVague({ lowMs, highMs }: Estimate): boolean {
  return highMs > WIDEST_BAND * Math.max(lowMs, SOONEST_MS);
}

/** A time has to be longer than another by this much to be worth a word: less is the breathing of every estimate. */
const GROWTH = 1.25;
const GROWTH_MS = 5_000;

/** Is `ms` markedly more than `beforeMs`? */
export function hasGrown(ms: number, beforeMs: number): boolean {
  return ms > beforeMs * GROWTH + GROWTH_MS;
}

/** What a growth is put down to. */
export function delayOf(basis: Estimate['basis'], earlierRuns: number): Delay {
  if (basis === 'reported') return 'than-said';
  return earlierRuns > 0 ? 'than-usual' : 'than-before';
}
