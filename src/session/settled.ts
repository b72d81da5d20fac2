import type { Clock } from '../clock.ts';
import type { Monitor } from '../monitor.ts';
import type { State } from '../store/state.ts';

/** Resolves once `isTrue` holds, `waitMs` have passed, or `signal` aborts, with whether it holds. */
export function waitUntil(
  monitor: Pick<Monitor, 'getState' | 'subscribe'>,
  isTrue: (state: State) => boolean,
  options: { clock: Clock; waitMs: number; signal: AbortSignal },
): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = () => {
      unsubscribe();
      stopTimer();
      options.signal.removeEventListener('abort', finish);
      resolve(isTrue(monitor.getState()));
    };
    const unsubscribe = monitor.subscribe(() => isTrue(monitor.getState()) && finish());
    const stopTimer = options.clock.after(options.waitMs, finish);
    options.signal.addEventListener('abort', finish, { once: true });
    if (options.signal.aborted || isTrue(monitor.getState())) finish();
  });
}

export function everySourceIsLive(state: State): boolean {
  return [...state.sources.values()].every((source) => source.status === 'live');
}

export function noSourceWasRead(state: State): boolean {
  return state.sources.size > 0 && [...state.sources.values()].every((source) => source.status !== 'live');
}
