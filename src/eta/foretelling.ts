import type { Foretold } from '../model/run.ts';
import type { Estimate } from './estimator.ts';

/** From one note to the next, the time since the start grows by this much: few notes, whatever the length. */
const GROWTH = 1.1;
const FIRST_GAP_MS = 500;

/** What was foretold in the course of a run, so that in the end it can be held against the truth. */
export interface Foretelling {
  /** Is it time for another note? Estimates cost something. */
  isDue(t: number): boolean;
  note(t: number, estimate: Estimate): void;
  /** What was foretold last by `t`; null if nothing was. */
  by(t: number): Foretold | null;
}

export function createForetelling(): Foretelling {
  const notes: Foretold[] = [];
  return {
    isDue(t) {
      const last = notes.at(-1);
      return !last || t >= last.t * GROWTH + FIRST_GAP_MS;
    },
    note(t, { lowMs, remainingMs, highMs }) {
      notes.push({ t, earliest: t + lowMs, end: t + remainingMs, latest: t + highMs });
    },
    by: (t) => notes.findLast((note) => note.t <= t) ?? null,
  };
}
