import type { Clock } from '../clock.ts';
import type { InputEvent } from '../input/event.ts';

/**
 * Whether somebody is looking at the terminal, for whom a notification would say nothing new. (What the list marks as missed
 * is another matter: `store/attention.ts` goes by the keys alone, and remembers the absences.)
 */
export interface Presence {
  /** Takes note of what somebody did at the terminal. */
  take(event: InputEvent): void;
  readonly isLookedAt: boolean;
}

/** Without reports of its focus, a terminal counts as looked at for this long after each key. */
const AFTER_KEY_MS = 10_000;

/** Relies on what the terminal reports about its focus and, until it does, on the keys. */
export function createPresence(clock: Pick<Clock, 'monotonic'>): Presence {
  let hasFocus: boolean | null = null;
  let lastKeyAt = Number.NEGATIVE_INFINITY;
  return {
    take(event) {
      if (event.type === 'focus') hasFocus = event.has;
      else lastKeyAt = clock.monotonic();
    },
    get isLookedAt() {
      return hasFocus ?? clock.monotonic() - lastKeyAt < AFTER_KEY_MS;
    },
  };
}
