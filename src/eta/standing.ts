import type { Estimate } from './estimator.ts';
import { hasGrown, isVague } from './shown-estimate.ts';

/** An end that is this near is estimated again when it is due: if the task has not ended, that is news. */
const NEAR_MS = 5_000;
/** The least time between two such reviews: this, or a share of the time so far. */
const REVIEW_MS = 5_000;
const REVIEW_SHARE = 0.1;

/** An estimate that stays the same until `reviewAt`. Moments are in ms since the run's start. */
export interface Standing {
  readonly end: number;
  readonly earliest: number;
  readonly latest: number;
  readonly basis: Estimate['basis'];
  readonly isVague: boolean;
  /** Whether markedly more time is left than the least that was ever shown. */
  readonly hasGrown: boolean;
  readonly reviewAt: number;
}

/** Keeps an estimated end fixed while time passes: it moves only at an update, or when the end should have come. */
export interface StandingEstimate {
  at(t: number): Standing | null;
  /** Estimates again, because there was an update. */
  renew(): void;
  /** Estimates again, and forgets what was shown before, because it is not comparable. */
  restart(): void;
}

/**
 * Creates a standing estimate. `estimate` returns null while nothing is known; `isTooEarly` tells whether it is too early to
 * show an estimate as a figure.
 */
export function createStandingEstimate(
  estimate: (t: number) => Estimate | null,
  isTooEarly: (t: number, estimate: Estimate) => boolean,
): StandingEstimate {
  let standing: Standing | null = null;
  /** The last end that was shown as a figure, and the least remaining time that ever was. */
  let shownEnd: number | null = null;
  let leastMs = Number.POSITIVE_INFINITY;

  function look(t: number): Standing | null {
    const now = estimate(t);
    if (!now) return null;
    const vague = isVague(now) || isTooEarly(t, now);
    if (shownEnd !== null) leastMs = Math.min(leastMs, Math.max(0, shownEnd - t));
    if (!vague) leastMs = Math.min(leastMs, now.remainingMs);
    const end = t + now.remainingMs;
    return {
      end,
      earliest: t + now.lowMs,
      latest: t + now.highMs,
      basis: now.basis,
      isVague: vague,
      hasGrown: !vague && hasGrown(now.remainingMs, leastMs),
      reviewAt: Math.max(end - NEAR_MS, t + Math.max(REVIEW_MS, t * REVIEW_SHARE)),
    };
  }

  return {
    at(t) {
      if (!standing || t >= standing.reviewAt) standing = look(t);
      if (standing) shownEnd = standing.isVague ? null : standing.end;
      return standing;
    },
    renew() {
      standing = null;
    },
    restart() {
      standing = null;
      shownEnd = null;
      leastMs = Number.POSITIVE_INFINITY;
    },
  };
}

/** Returns the estimate as seen at `t`. */
export function leftOf({ end, earliest, latest, basis }: Standing, t: number): Estimate {
  return {
    remainingMs: Math.max(0, end - t),
    lowMs: Math.max(0, earliest - t),
    highMs: Math.max(0, latest - t),
    basis,
  };
}
