import type { Foretold } from '../model/run.ts';
import type { Estimate } from './estimator.ts';

/** From one note to the next, the time since the start grows by this factor, so that there are few notes in a long run. */
const GROWTH = 1.1;
const FIRST_GAP_MS = 500;

/** The estimates during a run, to be compared with its actual end. */
export interface Foretelling {
  /** Tells whether another note is due. (An estimate takes time, so there is not one at each update.) */
  isDue(t: number): boolean;
  note(t: number, estimate: Estimate): void;
  /** Returns the last estimate noted by `t`; null if there is none. */
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
