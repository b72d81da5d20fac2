import { readJson } from '../model/json.ts';
import type { RunEvent } from '../model/run.ts';

/** The order is the code: a status is never taken out, new ones are added behind. */
const STATUSES = ['pending', 'running', 'completed', 'failed', 'skipped'] as const;

/** Events in a few bytes each: `[t, step, status, progress, reportedMs]`, what is absent left out or null. */
export function encodeEvents(events: readonly RunEvent[]): string {
  return JSON.stringify(
    events.map(({ t, step, status, progress, reportedMs }) => {
      const row = [Math.round(t), step, STATUSES.indexOf(status)];
      if (reportedMs !== undefined) return [...row, rounded(progress), Math.round(reportedMs)];
      return progress === undefined ? row : [...row, rounded(progress)];
    }),
  );
}

/** Reads events. What cannot be read is left out: the history may have been in other hands. */
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
