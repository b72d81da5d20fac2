import { type Dismissals, isDismissed } from './dismissals.ts';
import type { State, TaskEntry } from './state.ts';

/** Tells whether somebody has looked at a task that failed or is for review. */
export type IsSeen = (entry: TaskEntry) => boolean;

export const NOT_SEEN: IsSeen = () => false;

/** Returns an `IsSeen` for the tasks that are remembered as seen. */
export function isSeenIn(state: State, seen: Dismissals): IsSeen {
  for (const _ in seen) return (entry) => isDismissed(seen, state, entry);
  return NOT_SEEN;
}

/** The places in the usual order: first what needs a person, then what runs, what waits, and what has ended. */
export const PLACES = ['needs-input', 'failed', 'review', 'running', 'waiting', 'queued', 'ended'] as const;
export type Place = (typeof PLACES)[number];

/** Tells whether a task has ended, and nobody needs to look at it. */
export function isSettled(entry: TaskEntry, isSeen: IsSeen): boolean {
  return placeOf(entry, isSeen) === 'ended';
}

/** Tells whether a task needs a person, and so is listed before those that run. */
export function needsPerson(entry: TaskEntry, isSeen: IsSeen): boolean {
  const place = placeOf(entry, isSeen);
  return place === 'needs-input' || place === 'failed' || place === 'review';
}

/** Returns the place of a task. It follows from the status that is shown, so that the list reads in one order. */
export function placeOf(entry: TaskEntry, isSeen: IsSeen): Place {
  const { state, review } = entry.task;
  switch (state.status) {
    case 'completed':
      return review && !isSeen(entry) ? 'review' : 'ended';
    case 'failed':
      return isSeen(entry) ? 'ended' : 'failed';
    case 'cancelled':
      return 'ended';
    default:
      return state.status;
  }
}
