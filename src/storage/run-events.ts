import { readJson } from '../model/json.ts';
import type { RunEvent } from '../model/run.ts';

/** The index of a status is its stored code: never remove one, and add new ones at the end. */
const STATUSES = ['pending', 'running', 'completed', 'failed', 'skipped'] as const;

/** Encodes events in a few bytes each: `[t, step, status, progress, reportedMs]`; absent values are left out or null. */
export function encodeEvents(events: readonly RunEvent[]): string {
  return JSON.stringify(
    events.map(({ t, step, status, progress, reportedMs }) => {
      const row = [Math.round(t), step, STATUSES.indexOf(status)];
      if (reportedMs !== undefined) return [...row, rounded(progress), Math.round(reportedMs)];
      return progress === undefined ? row : [...row, rounded(progress)];
    }),
  );
}

/** Decodes events. Leaves out those that are malformed, because other programs may have changed the history. */
export function decodeEvents(text: string): RunEvent[] {
  const rows = readJson(text);
  return Array.isArray(rows) ? rows.flatMap(decodeEvent) : [];
}

function decodeEvent(row: unknown): RunEvent[] {
  if (!Array.isArray(row)) return [];
  const [t, step, code, progress, reportedMs] = row as unknown[];
  const status = STATUSES[Number(code)];
  if (typeof t !== 'number' || typeof step !== 'number' || !status) return [];
  return [
    {
      t,
      step,
      status,
      ...(typeof progress === 'number' ? { progress } : {}),
      ...(typeof reportedMs === 'number' ? { reportedMs } : {}),
    },
  ];
}

function rounded(progress: number | undefined): number | null {
  return progress === undefined ? null : Math.round(progress * 100) / 100;
}
