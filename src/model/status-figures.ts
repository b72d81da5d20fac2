import { jsonObject } from './json.ts';

const COUNTS = [
  'needsYou',
  'needsInput',
  'review',
  'running',
  'stalled',
  'waiting',
  'queued',
  'failed',
  'completed',
  'cancelled',
] as const;

/**
 * A summary of all tasks: the document of `taskglass status --format json`. `needsYou` counts those that wait for a person:
 * they need input, or an agent says that they are completed. A dismissed task does not count as failed.
 */
export interface StatusFigures extends Readonly<Record<(typeof COUNTS)[number], number>> {
  readonly version: 1;
  /** `done in ~12m`, or `all done at 16:42`; empty if nothing is known. */
  readonly done: string;
  /** The tasks that need a person, those that have waited longest first: at most ten. */
  readonly asking: readonly Asking[];
}

interface Asking {
  readonly id: string;
  readonly name: string;
  readonly why: string;
}

/** Reads another taskglass's document; null if it is not one. Does without zod, which would double the time of `status`. */
export function readStatusFigures(raw: unknown): StatusFigures | null {
  const given = jsonObject(raw);
  if (given?.version !== 1 || typeof given.done !== 'string' || !Array.isArray(given.asking)) return null;
  const { done } = given;
  const asking = given.asking.map(readAsking).filter((each) => each !== null);
  if (asking.length < given.asking.length) return null;
  const counts: Partial<Record<(typeof COUNTS)[number], number>> = {};
  for (const name of COUNTS) {
    const count = given[name];
    if (typeof count !== 'number' || !Number.isSafeInteger(count)) return null;
    counts[name] = count;
  }
  return { version: 1, ...(counts as Record<(typeof COUNTS)[number], number>), done, asking };
}

function readAsking(raw: unknown): Asking | null {
  const { id, name, why } = jsonObject(raw) ?? {};
  const isWhole = typeof id === 'string' && typeof name === 'string' && typeof why === 'string';
  return isWhole ? { id, name, why } : null;
}
