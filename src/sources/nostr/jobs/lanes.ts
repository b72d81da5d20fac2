import { hasEnded, type TaskStatus } from '../../../model/task.ts';
import { readScaled } from '../../../nostr/nip90/figures.ts';
import type { DecodedReport } from '../../../nostr/nip90/format.ts';

/**
 * One provider's word on one job: its reports, folded so that their order, repetition and loss do not matter. What is
 * kept is the extremes under orders that no two different reports share.
 */
export interface Lane {
  readonly provider: string;
  /** The first end: it holds, whatever comes after it. */
  readonly end: DecodedReport | null;
  /** The first result, which may come before or after the word that all went well. */
  readonly result: DecodedReport | null;
  /** The newest of the reports that are no end. */
  readonly news: DecodedReport | null;
  /** The newest that told a figure: one without any does not empty the bar. */
  readonly measured: DecodedReport | null;
  readonly estimated: DecodedReport | null;
  readonly startedAtMs: number | null;
  readonly updatedAtMs: number;
  /** Did it send feedback, and not only a result? */
  readonly hasFeedback: boolean;
  readonly sawFraction: boolean;
  readonly sawPercent: boolean;
}

/** Where a lane stands. Times are epoch ms. */
export interface LaneState {
  readonly provider: string;
  readonly status: TaskStatus;
  /** The report that says so. */
  readonly said: DecodedReport;
  readonly progress: number | null;
  readonly expectedEndMs: number | null;
  readonly startedAtMs: number | null;
  readonly updatedAtMs: number;
  /** The result, where there is one; else the report that ended the lane. */
  readonly outcome: DecodedReport | null;
  readonly hasFeedback: boolean;
}

/**
 * Takes a report in; the same lane comes back where it says nothing new. Its stamp must not lie in the future: one that
 * does counts as the time it was received.
 */
export function foldReport(lane: Lane | null, report: DecodedReport): Lane {
  const folded = fold(lane, report);
  return lane && isSame(lane, folded) ? lane : folded;
}

function fold(lane: Lane | null, report: DecodedReport): Lane {
  const ends = hasEnded(report.status);
  const { progress: figure, stampMs } = report;
  const started = report.status === 'running' ? stampMs : null;
  return {
    provider: report.provider,
    end: ends ? first(lane?.end, report, compareEnds) : (lane?.end ?? null),
    result: report.isResult && ends ? first(lane?.result, report, compareEnds) : (lane?.result ?? null),
    news: ends ? (lane?.news ?? null) : first(lane?.news, report, compareNews),
    measured: figure && !ends ? first(lane?.measured, report, compareNews) : (lane?.measured ?? null),
    estimated:
      report.remainingMs !== null && !ends
        ? first(lane?.estimated, report, compareNews)
        : (lane?.estimated ?? null),
    startedAtMs: earlier(lane?.startedAtMs ?? null, started),
    updatedAtMs: Math.max(lane?.updatedAtMs ?? 0, stampMs),
    hasFeedback: (lane?.hasFeedback ?? false) || !report.isResult,
    sawFraction: (lane?.sawFraction ?? false) || (figure?.isFraction ?? false),
    sawPercent: (lane?.sawPercent ?? false) || (figure?.isPercent ?? false),
  };
}

function isSame(a: Lane, b: Lane): boolean {
  return (Object.keys(a) as (keyof Lane)[]).every((key) => a[key] === b[key]);
}

/** Where the lane stands, from what was folded into it. */
export function readLane(lane: Lane): LaneState {
  const said = (lane.end ?? lane.news) as DecodedReport;
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
 * Best first: the first lane tells where the task stands. What is beyond the rules is settled by stamp and key, so that
 * every order of events ends alike.
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

/** Newest first; of one stamp the more advanced first. */
function compareNews(a: DecodedReport, b: DecodedReport): number {
  return (
    b.stampMs - a.stampMs ||
    (b.progress?.value ?? -1) - (a.progress?.value ?? -1) ||
    rank(BEST_STATUS_FIRST, a.status) - rank(BEST_STATUS_FIRST, b.status) ||
    compareText(a.eventId, b.eventId)
  );
}

/** First in time first: an end holds. */
function compareEnds(a: DecodedReport, b: DecodedReport): number {
  return (
    a.stampMs - b.stampMs ||
    rank(BEST_STATUS_FIRST, a.status) - rank(BEST_STATUS_FIRST, b.status) ||
    compareText(a.eventId, b.eventId)
  );
}

function first(
  known: DecodedReport | null | undefined,
  report: DecodedReport,
  compare: (a: DecodedReport, b: DecodedReport) => number,
): DecodedReport {
  return known && compare(known, report) <= 0 ? known : report;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function startFromRuntime(outcome: DecodedReport | null): number | null {
  const runtimeMs = outcome?.runtimeMs ?? null;
  return outcome && runtimeMs !== null ? Math.max(0, outcome.stampMs - runtimeMs) : null;
}

function rank(order: readonly TaskStatus[], status: TaskStatus): number {
  return order.indexOf(status);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
