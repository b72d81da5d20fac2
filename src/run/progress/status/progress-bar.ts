import { type Found, percentOf } from '../found.ts';
import { RUNS_ON, type Standing } from './standing.ts';

/** What a program has drawn on its terminal's own progress bar (OSC 9;4). */
export type BarReport =
  | { readonly kind: 'removed' }
  | { readonly kind: 'shown'; readonly found: Found | null; readonly standing: Standing };

const REPORT = /^4;(?<state>[0-4])(?:;(?<percent>\d{1,3})?)?(?:;.*)?$/u;

/** Reads what follows `9;`. Returns null for a notification, which begins in the same way. */
export function readBarReport(payload: string): BarReport | null {
  const { state, percent } = REPORT.exec(payload)?.groups ?? {};
  if (state === undefined) return null;
  if (state === '0') return { kind: 'removed' };
  if (state === '3') return { kind: 'shown', found: { kind: 'unknown' }, standing: RUNS_ON };
  const found = percent === undefined ? null : percentOf(Number(percent));
  // An error (2) is not the end if the program continues after it, as after a failed test.
  const standing = state === '4' ? { question: null, idle: 'paused' } : RUNS_ON;
  return { kind: 'shown', found, standing };
}
