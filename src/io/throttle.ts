import type { Clock } from '../clock.ts';

/** Lets something be said at most once in an interval; what is asked for in between is said at its end. */
export interface Throttle {
  /** There is news: `say` is called now or when the interval is over. Cheap to call thousands of times a second. */
  request(): void;
  /** It was said by other means: the interval starts again, and nothing waits. */
  said(): void;
  readonly isWaiting: boolean;
}

export function createThrottle(clock: Clock, intervalMs: number, say: () => void): Throttle {
  let saidAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;

  function fire(): void {
    cancel = null;
    saidAt = clock.monotonic();
    say();
  }

  return {
    request() {
      cancel ??= clock.after(Math.max(0, saidAt + intervalMs - clock.monotonic()), fire);
    },
    said() {
      cancel?.();
      cancel = null;
      saidAt = clock.monotonic();
    },
    get isWaiting() {
      return cancel !== null;
    },
  };
}
