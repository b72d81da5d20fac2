import type { TaskEntry } from './state.ts';

/**
 * Whether somebody looks at the screen, told from key presses. Nobody has looked since `AWAY_AFTER_MS` after the last
 * one. Times are epoch ms.
 */
export interface Attention {
  readonly lastKeyAt: number;
  /** The last time that nobody looked, until the key press that ended it. */
  readonly absence: { readonly from: number; readonly to: number } | null;
}

/** This long without a key, and nobody is looking. */
const AWAY_AFTER_MS = 60_000;
/** How long what was missed stays marked, once somebody is back. */
const CATCH_UP_MS = 60_000;

/** Starts with somebody looking: starting taskglass counts as that. */
export function startAttention(nowMs: number): Attention {
  return { lastKeyAt: nowMs, absence: null };
}

export function withKeyPress(attention: Attention, nowMs: number): Attention {
  const awayFrom = awaySince(attention);
  const absence = nowMs > awayFrom ? { from: awayFrom, to: nowMs } : attention.absence;
  return { lastKeyAt: nowMs, absence };
}

/** Returns from when on nobody looks, if no key is pressed (epoch ms). */
export function awaySince({ lastKeyAt }: Attention): number {
  return lastKeyAt + AWAY_AFTER_MS;
}

export function isAway(attention: Attention, nowMs: number): boolean {
  return nowMs >= awaySince(attention);
}

/** Moves the times that were noted before along with the clock, which was set by so many ms. */
export function withClockSet({ lastKeyAt, absence }: Attention, byMs: number): Attention {
  return {
    lastKeyAt: lastKeyAt + byMs,
    absence: absence && { from: absence.from + byMs, to: absence.to + byMs },
  };
}

/**
 * Returns until when a task is marked as one that ended while nobody looked (epoch ms): for ever while nobody is back;
 * 0 if its end was seen, or has not come.
 */
export function unseenUntil({ seenEndingAt }: TaskEntry, attention: Attention): number {
  if (seenEndingAt === null) return 0;
  if (seenEndingAt >= awaySince(attention)) return Number.POSITIVE_INFINITY;
  const { absence } = attention;
  const wasMissed = absence !== null && seenEndingAt >= absence.from && seenEndingAt <= absence.to;
  return wasMissed ? absence.to + CATCH_UP_MS : 0;
}
