import type { Clock } from '../clock.ts';
import type { InputEvent } from '../input/event.ts';

/** Whether somebody looks at the terminal. */
export interface Attendance {
  /** Takes what somebody did at the terminal. */
  take(event: InputEvent): void;
  readonly isLookedAt: boolean;
}

/** A terminal that does not report its focus counts as looked at for so long after each key. */
const AFTER_KEY_MS = 10_000;

/** Goes by what the terminal reports of its focus; until it does, by the keys. */
export function createAttendance(clock: Pick<Clock, 'monotonic'>): Attendance {
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
