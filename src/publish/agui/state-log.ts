import { createPatch } from 'rfc6902';
import type { DashboardState } from '../../model/dashboard-state.ts';
import { eventText } from './run-events.ts';

/** Successive states as AG-UI events: one snapshot, and then RFC 6902 deltas. */
export interface StateLog {
  /** The newest state; null before the first one. */
  readonly state: DashboardState | null;
  /** Takes the next state and returns the event for it; null if nothing has changed. */
  write(next: DashboardState): string | null;
  /** Returns an event with the whole state. */
  snapshot(): string;
  /** Returns the events that a listener has missed who comes back with the id of the last one that it saw. */
  missedSince(id: string | string[] | undefined): string[];
}

/** How many past events a returning listener may catch up on; after more it gets the whole state. */
const REMEMBERED_EVENTS = 200;

/** Creates a log of states; `name` distinguishes its ids from those of another process. */
export function createStateLog(name: string): StateLog {
  let count = 0;
  let state: DashboardState | null = null;
  let past: { readonly id: string; readonly text: string }[] = [];

  const currentId = () => `${name}-${count}`;
  const snapshot = () => eventText({ type: 'STATE_SNAPSHOT', snapshot: state }, currentId());

  return {
    get state() {
      return state;
    },
    write(next) {
      const delta = state ? createPatch(state, next) : null;
      if (delta?.length === 0) return null;
      state = structuredClone(next);
      count += 1;
      const id = currentId();
      const text = delta ? eventText({ type: 'STATE_DELTA', delta }, id) : snapshot();
      past = [...past, { id, text }].slice(-REMEMBERED_EVENTS);
      return text;
    },
    snapshot,
    missedSince(id) {
      const at = past.findIndex((event) => event.id === id);
      return at === -1 ? [snapshot()] : past.slice(at + 1).map(({ text }) => text);
    },
  };
}
