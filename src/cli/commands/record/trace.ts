import type { FinishedRun } from '../../../model/run.ts';

/** How the names of jobs, steps and tasks are written: as they are, or unreadably. */
export interface Naming {
  job(name: string): string;
  step(name: string): string;
  /** Returns an identity, so that the same run is recognised. */
  run(run: FinishedRun): string;
}

/** The first line of a trace. `recorded` says that the same run has been written before. */
export interface TraceHead {
  readonly trace: string;
  readonly job: string;
  readonly run: number;
  readonly steps: readonly string[];
  readonly origin: string;
  readonly recorded: string;
}

/** Returns a run as a trace: its head, its events and its end, one line of JSON each. `eta bench` reads it. */
export function encodeTrace(head: TraceHead, { events, durationMs }: FinishedRun): string {
  const lines = events.map(({ t, step, status, progress, reportedMs }) => ({
    t: Math.round(t),
    step,
    status,
    ...(progress === undefined ? {} : { progress }),
    ...(reportedMs === undefined ? {} : { reportedMs: Math.round(reportedMs) }),
  }));
  const end = { t: Math.max(1, Math.round(durationMs)), status: 'completed' };
  return [head, ...lines, end].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads the head of a trace from its first line; null if the text begins with something else. */
export function decodeTraceHead(text: string): TraceHead | null {
  try {
    const head = JSON.parse(text.slice(0, text.indexOf('\n'))) as Partial<TraceHead> | null;
    const isHead = typeof head?.job === 'string' && typeof head.run === 'number' && Array.isArray(head.steps);
    return isHead ? { ...(head as TraceHead), recorded: head.recorded ?? '' } : null;
  } catch {
    return null;
  }
}
