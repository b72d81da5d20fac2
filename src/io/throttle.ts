import type { Clock } from '../clock.ts';

/** Calls something at most once in an interval; a request within the interval takes effect at its end. */
export interface Throttle {
  /** There is news: calls `say` as soon as the interval allows. Cheap enough for thousands of calls a second. */
  request(): void;
  /** It has been said by other means: the interval starts again, and nothing is pending. */
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
