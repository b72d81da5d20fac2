import type { TaskEntry } from './state.ts';

/**
 * Whether somebody is looking at the screen, inferred from key presses: from `AWAY_AFTER_MS` after the last one, nobody is.
 * Times are epoch ms.
 */
export interface Attention {
  readonly lastKeyAt: number;
  /** The periods in which nobody looked, each up to the key press that ended it; the latest is last. */
  readonly absences: readonly Absence[];
}

interface Absence {
  readonly from: number;
  readonly to: number;
}

/** After this long without a key press, nobody is looking. */
const AWAY_AFTER_MS = 60_000;
/** How long missed tasks stay marked once somebody is back. */
const CATCH_UP_MS = 60_000;
/** How many absences are remembered; whatever ended before them counts as seen. */
const MOST_ABSENCES = 100;

/** Starting taskglass counts as looking at it. */
export function startAttention(nowMs: number): Attention {
  return { lastKeyAt: nowMs, absences: [] };
}

export function withKeyPress(attention: Attention, nowMs: number): Attention {
  const awayFrom = awaySince(attention);
  const { absences } = attention;
  if (nowMs <= awayFrom) return { lastKeyAt: nowMs, absences };
  return { lastKeyAt: nowMs, absences: [...absences, { from: awayFrom, to: nowMs }].slice(-MOST_ABSENCES) };
}

/** Returns when nobody is looking any more, unless a key is pressed (epoch ms). */
export function awaySince({ lastKeyAt }: Attention): number {
  return lastKeyAt + AWAY_AFTER_MS;
}

export function isAway(attention: Attention, nowMs: number): boolean {
  return nowMs >= awaySince(attention);
}

/** Shifts all noted times by the ms by which the clock was set. */
export function withClockSet({ lastKeyAt, absences }: Attention, byMs: number): Attention {
  return {
    lastKeyAt: lastKeyAt + byMs,
    absences: absences.map(({ from, to }) => ({ from: from + byMs, to: to + byMs })),
  };
}

/**
 * Returns until when a task is marked as having ended while nobody looked (epoch ms): infinity until somebody is back, or if
 * it needs a person to look at it; 0 if its end was seen, or it has not ended.
 */
export function unseenUntil({ seenEndingAt }: TaskEntry, attention: Attention, needsLook: boolean): number {
  if (seenEndingAt === null) return 0;
  if (seenEndingAt >= awaySince(attention)) return Number.POSITIVE_INFINITY;
  const missed = attention.absences.findLast(({ from, to }) => seenEndingAt >= from && seenEndingAt <= to);
  if (!missed) return 0;
  return needsLook ? Number.POSITIVE_INFINITY : missed.to + CATCH_UP_MS;
}
