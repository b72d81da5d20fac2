import type { Clock } from '../clock.ts';

/** Calls something at most once in an interval; a request within the interval takes effect at its end. */
export interface Throttle {
  /** There is news: calls `say` as soon as the interval allows. Cheap enough for thousands of calls a second. */
  request(): void;
  /** It has been said by other means: the interval starts again, and nothing is pending. */
  said(): void;
  /** The end: what is pending is not said, and whatever is requested after this has no effect. */
  cancel(): void;
  readonly isWaiting: boolean;
}

export function createThrottle(clock: Clock, intervalMs: number, say: () => void): Throttle {
  let saidAt = Number.NEGATIVE_INFINITY;
  let stopTimer: (() => void) | null = null;
  let isOver = false;

  function fire(): void {
    stopTimer = null;
    saidAt = clock.monotonic();
    say();
  }

  return {
    request() {
      if (!isOver) stopTimer ??= clock.after(Math.max(0, saidAt + intervalMs - clock.monotonic()), fire);
    },
    said() {
      stopTimer?.();
      stopTimer = null;
      saidAt = clock.monotonic();
    },
    cancel() {
      isOver = true;
      stopTimer?.();
      stopTimer = null;
    },
    get isWaiting() {
      return stopTimer !== null;
    },
  };
}
