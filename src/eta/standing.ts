import type { Estimate } from './estimator.ts';
import { hasGrown, isVague } from './shown-estimate.ts';

/** An end that is this near is looked at again: if it does not come, that is news too. */
const NEAR_MS = 5_000;
/** But not more often than this, and than a share of the time so far. */
const REVIEW_MS = 5_000;
const REVIEW_SHARE = 0.1;

/** What stands until `reviewAt`. Moments in ms since the start. */
export interface Standing {
  readonly end: number;
  readonly earliest: number;
  readonly latest: number;
  readonly basis: Estimate['basis'];
  readonly isVague: boolean;
  /** More is left than the least that was ever shown. */
  readonly hasGrown: boolean;
  readonly reviewAt: number;
}

/** Lets an estimate stand while time passes: its end moves when there is news, or when it should have come. */
export interface StandingEstimate {
  at(t: number): Standing | null;
  /** There is news. */
  renew(): void;
  /** What was shown before is not comparable to what comes now. */
  restart(): void;
}

/** `estimate` gives null as long as there is nothing to say; `isTooEarly` tells when that is not worth a figure yet. */
export function createStandingEstimate(
  estimate: (t: number) => Estimate | null,
  isTooEarly: (t: number, estimate: Estimate) => boolean,
): StandingEstimate {
  let standing: Standing | null = null;
  /** The last end that was shown as a figure, and the least that was ever left by such a one. */
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

/** What is left of it at `t`. */
export function leftOf({ end, earliest, latest, basis }: Standing, t: number): Estimate {
  return {
    remainingMs: Math.max(0, end - t),
    lowMs: Math.max(0, earliest - t),
    highMs: Math.max(0, latest - t),
    basis,
  };
}
