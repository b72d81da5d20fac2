import { compareText } from '../../../model/compare-text.ts';
import { hasEnded, type TaskStatus } from '../../../model/task.ts';
import { readScaled } from '../../../nostr/nip90/figures.ts';
import type { JobFeedback } from '../../../nostr/nip90/format.ts';

/**
 * One provider's view of one job: its feedback, folded so that order, repetition and loss do not matter. It keeps the extremes
 * under orders in which no two different events are equal.
 */
export interface Lane {
  readonly provider: string;
  /** The first end: it stands, whatever comes after it. */
  readonly end: JobFeedback | null;
  /** The first result, which may come before or after the report that all went well. */
  readonly result: JobFeedback | null;
  /** The newest feedback that is not an end. */
  readonly news: JobFeedback | null;
  /** The newest feedback with a figure: one without a figure does not empty the bar. */
  readonly measured: JobFeedback | null;
  readonly estimated: JobFeedback | null;
  readonly startedAtMs: number | null;
  readonly updatedAtMs: number;
  /** Whether the provider sent feedback, and not only a result. */
  readonly hasFeedback: boolean;
  readonly sawFraction: boolean;
  readonly sawPercent: boolean;
}

/** The state of a lane. Times are epoch ms. */
export interface LaneState {
  readonly provider: string;
  readonly status: TaskStatus;
  /** The feedback from which this follows. */
  readonly said: JobFeedback;
  readonly progress: number | null;
  readonly expectedEndMs: number | null;
  readonly startedAtMs: number | null;
  readonly updatedAtMs: number;
  /** The result, if there is one; else the feedback that ended the lane. */
  readonly outcome: JobFeedback | null;
  readonly hasFeedback: boolean;
}

/**
 * Adds feedback; returns the same lane if that says nothing new. Clamp its stamp first: one in the future counts as the time at
 * which it was received.
 */
export function foldFeedback(lane: Lane | null, feedback: JobFeedback): Lane {
  const folded = fold(lane, feedback);
  return lane && isSame(lane, folded) ? lane : folded;
}

function fold(lane: Lane | null, feedback: JobFeedback): Lane {
  const ends = hasEnded(feedback.status);
  const { progress: figure, stampMs } = feedback;
  const started = feedback.status === 'running' ? stampMs : null;
  return {
    provider: feedback.provider,
    end: ends ? first(lane?.end, feedback, compareEnds) : (lane?.end ?? null),
    result: feedback.isResult && ends ? first(lane?.result, feedback, compareEnds) : (lane?.result ?? null),
    news: ends ? (lane?.news ?? null) : first(lane?.news, feedback, compareNews),
    measured: figure && !ends ? first(lane?.measured, feedback, compareNews) : (lane?.measured ?? null),
    estimated:
      feedback.remainingMs !== null && !ends
        ? first(lane?.estimated, feedback, compareNews)
        : (lane?.estimated ?? null),
    startedAtMs: earlier(lane?.startedAtMs ?? null, started),
    updatedAtMs: Math.max(lane?.updatedAtMs ?? 0, stampMs),
    hasFeedback: (lane?.hasFeedback ?? false) || !feedback.isResult,
    sawFraction: (lane?.sawFraction ?? false) || (figure?.isFraction ?? false),
    sawPercent: (lane?.sawPercent ?? false) || (figure?.isPercent ?? false),
  };
}

function isSame(a: Lane, b: Lane): boolean {
  return (Object.keys(a) as (keyof Lane)[]).every((key) => a[key] === b[key]);
}

/** Returns the state of a lane, from what was folded into it. */
export function readLane(lane: Lane): LaneState {
  const said = (lane.end ?? lane.news) as JobFeedback;
  const { measured, estimated, result, startedAtMs } = lane;
  const { status } = said;
  const outcome = status === 'completed' ? (result ?? said) : lane.end;
  return {
    provider: lane.provider,
    status,
    said,
    progress: measured?.progress && status !== 'queued' ? readScaled(measured.progress, lane) : null,
    expectedEndMs:
      status === 'running' && estimated ? estimated.stampMs + (estimated.remainingMs ?? 0) : null,
    startedAtMs: startedAtMs ?? startFromRuntime(outcome),
    updatedAtMs: lane.updatedAtMs,
    outcome,
    hasFeedback: lane.hasFeedback,
  };
}

/**
 * Compares lanes, best first; the first determines the task's status. What the rules leave open is settled by stamp and key, so
 * that every order of events has the same result.
 */
export function compareLanes(a: LaneState, b: LaneState): number {
  return (
    rank(BEST_STATUS_FIRST, a.status) - rank(BEST_STATUS_FIRST, b.status) ||
    (a.status === 'running' ? (b.progress ?? -1) - (a.progress ?? -1) : 0) ||
    (a.outcome?.stampMs ?? 0) - (b.outcome?.stampMs ?? 0) ||
    b.updatedAtMs - a.updatedAtMs ||
    compareText(a.provider, b.provider)
  );
}

const BEST_STATUS_FIRST: readonly TaskStatus[] = [
  'completed',
  'running',
  'needs-input',
  'waiting',
  'queued',
  'failed',
  'cancelled',
];

/** Compares news, newest first; of the same stamp, the more advanced first. */
function compareNews(a: JobFeedback, b: JobFeedback): number {
  return (
    b.stampMs - a.stampMs ||
    (b.progress?.value ?? -1) - (a.progress?.value ?? -1) ||
    rank(BEST_STATUS_FIRST, a.status) - rank(BEST_STATUS_FIRST, b.status) ||
    compareText(a.eventId, b.eventId)
  );
}

/** Compares ends, the earliest first, because an end is final. */
function compareEnds(a: JobFeedback, b: JobFeedback): number {
  return (
    a.stampMs - b.stampMs ||
    rank(BEST_STATUS_FIRST, a.status) - rank(BEST_STATUS_FIRST, b.status) ||
    compareText(a.eventId, b.eventId)
  );
}

function first(
  known: JobFeedback | null | undefined,
  feedback: JobFeedback,
  compare: (a: JobFeedback, b: JobFeedback) => number,
): JobFeedback {
  return known && compare(known, feedback) <= 0 ? known : feedback;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function startFromRuntime(outcome: JobFeedback | null): number | null {
  const runtimeMs = outcome?.runtimeMs ?? null;
  return outcome && runtimeMs !== null ? Math.max(0, outcome.stampMs - runtimeMs) : null;
}

function rank(order: readonly TaskStatus[], status: TaskStatus): number {
  return order.indexOf(status);
}
