import type { Clock } from '../clock.ts';
import type { Monitor } from '../monitor.ts';
import type { State } from '../store/state.ts';

/** The state as listeners see it: at most twenty times a second, however fast it changes. */
export interface Feed {
  /** Returns the current state, for a listener that has just connected. */
  current(): State;
  /** Resolves with the state once it differs from `told`, or with `told` itself if `signal` aborts first. */
  next(told: State, signal: AbortSignal): Promise<State>;
  close(): void;
}

const INTERVAL_MS = 50;

/** Creates a feed. The first change after a quiet period is shown at once. */
export function createFeed(monitor: Pick<Monitor, 'getState' | 'subscribe'>, clock: Clock): Feed {
  let shown = monitor.getState();
  let shownAt = Number.NEGATIVE_INFINITY;
  let stopTimer: (() => void) | null = null;
  const waiting = new Set<() => void>();

  function show(): void {
    stopTimer = null;
    shown = monitor.getState();
    shownAt = clock.monotonic();
    for (const wake of [...waiting]) wake();
  }

  const unsubscribe = monitor.subscribe(() => {
    stopTimer ??= clock.after(Math.max(0, shownAt + INTERVAL_MS - clock.monotonic()), show);
  });

  return {
    current() {
      if (stopTimer) {
        stopTimer();
        show();
      }
      return shown;
    },
    next(told, signal) {
      if (shown !== told || signal.aborted) return Promise.resolve(shown);
      return new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve(shown);
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    },
    close() {
      unsubscribe();
      stopTimer?.();
    },
  };
}
