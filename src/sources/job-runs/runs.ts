import type { Row } from '../../storage/foreign-tables.ts';
import { parseStamp, stampText } from './times.ts';
import { decodeRunStatus, isOver, isUnderWay, type RunStatus } from './words.ts';

/** One run of a job. Times are epoch ms; `status` is null if its word is unknown. */
export interface Run {
  readonly id: string;
  readonly status: RunStatus | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Why it is unlikely to be still running, although its row says so. */
  readonly stale: string | null;
  readonly row: Row;
}

/** Since when nothing was written to the database although a run was due (epoch ms), or null. */
export type Silence = number | null;

/** A run is stale once it has lasted this many times as long as the longest successful one, but not before a minute. */
const UNUSUAL_DURATIONS = 5;
const LEAST_STALE_MS = 60_000;
/** How late a scheduler may be before it counts as gone. */
export const SCHEDULER_LATE_MS = 60_000;

/**
 * Reads the state of a job's runs (newest first) at `nowMs`; `looksAgainAt` is when one of them will have become stale (epoch
 * ms).
 */
export function decodeRuns(
  rows: readonly Row[],
  nowMs: number,
  silence: Silence,
): { readonly runs: readonly Run[]; readonly looksAgainAt: number | null } {
  const plain = rows.map(decodeRun);
  const longestMs = Math.max(0, ...successDurations(plain));
  const limitMs = longestMs === 0 ? null : Math.max(LEAST_STALE_MS, UNUSUAL_DURATIONS * longestMs);
  const runs = plain.map((run) => ({ ...run, stale: staleness(run, limitMs, nowMs, silence) }));
  const staleAt = runs
    .filter((run) => isRunning(run) && run.startedAt !== null && limitMs !== null)
    .map((run) => (run.startedAt ?? 0) + (limitMs ?? 0) + 1);
  return { runs, looksAgainAt: staleAt.length === 0 ? null : Math.min(...staleAt) };
}

/** Tells whether a run is under way, and not stale. */
export function isRunning(run: Run): boolean {
  return run.stale === null && run.endedAt === null && isUnderWay(run.row.status);
}

/** Returns the durations of the successful runs, ms, the oldest first. */
export function successDurations(runs: readonly Run[]): number[] {
  return runs
    .filter(({ status }) => status === 'success')
    .flatMap(({ startedAt, endedAt }) =>
      startedAt !== null && endedAt !== null && endedAt >= startedAt ? [endedAt - startedAt] : [],
    )
    .reverse();
}

function decodeRun(row: Row): Run {
  const startedAt = parseStamp(row.started_at);
  return {
    id: row.id ?? '',
    status: decodeRunStatus(row.status),
    startedAt,
    endedAt: parseStamp(row.finished_at) ?? endAfter(startedAt, row),
    stale: null,
    row,
  };
}

/** Returns the end of a run. Some schedulers store how long a run took instead of when it ended. */
function endAfter(startedAt: number | null, { status, duration_ms }: Row): number | null {
  const tookMs = Number(duration_ms ?? Number.NaN);
  return startedAt !== null && tookMs >= 0 && isOver(status) ? Math.round(startedAt + tookMs) : null;
}

function staleness(run: Run, limitMs: number | null, nowMs: number, silence: Silence): string | null {
  if (!isRunning(run)) return null;
  const began = run.startedAt === null ? '' : `, began ${stampText(run.startedAt)}`;
  if (limitMs !== null && run.startedAt !== null && nowMs - run.startedAt > limitMs)
    return `stale: far longer than any run that succeeded${began}`;
  return silence === null ? null : `stale: its scheduler wrote last at ${stampText(silence)}${began}`;
}
