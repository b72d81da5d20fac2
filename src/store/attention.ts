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
/** How long a task that ends stays where it is in the list, so that its end can be seen there. */
const LINGER_MS = 10_000;

/** Starts with somebody looking: starting taskglass counts as that. */
export function startAttention(nowMs: number): Attention {
  return { lastKeyAt: nowMs, absence: null };
}

export function withKeyPress(attention: Attention, nowMs: number): Attention {
  const awayFrom = attention.lastKeyAt + AWAY_AFTER_MS;
  const absence = nowMs > awayFrom ? { from: awayFrom, to: nowMs } : attention.absence;
  return { lastKeyAt: nowMs, absence };
}

/** Moves the times that were noted before along with the clock, which was set by so many ms. */
export function withClockSet({ lastKeyAt, absence }: Attention, byMs: number): Attention {
  return {
    lastKeyAt: lastKeyAt + byMs,
    absence: absence && { from: absence.from + byMs, to: absence.to + byMs },
  };
}

/** Where a task that ended belongs for now: still in its place, among what was missed, or with the others. */
export type Standing = 'in-place' | 'missed' | 'settled';

/** Returns a task's standing and until when it holds (epoch ms), if no key is pressed and no news comes. */
export function standingOf(
  { seenEndingAt }: TaskEntry,
  attention: Attention,
  nowMs: number,
): { standing: Standing; until: number } {
  if (seenEndingAt === null) return SETTLED;
  const settlesAt = seenEndingAt + LINGER_MS;
  if (nowMs < settlesAt) return { standing: 'in-place', until: settlesAt };
  const until = missedUntil(seenEndingAt, attention);
  return nowMs < until ? { standing: 'missed', until } : SETTLED;
}

const SETTLED = { standing: 'settled', until: Number.POSITIVE_INFINITY } as const;

/** Returns until when an end counts as missed (epoch ms); for ever while nobody is back; 0 if somebody saw it. */
function missedUntil(endedAt: number, { lastKeyAt, absence }: Attention): number {
  if (endedAt >= lastKeyAt + AWAY_AFTER_MS) return Number.POSITIVE_INFINITY;
  const wasMissed = absence !== null && endedAt >= absence.from && endedAt <= absence.to;
  return wasMissed ? absence.to + CATCH_UP_MS : 0;
}
