import type { Clock } from '../clock.ts';

/** Retries that watchers ask for while the command is not running. */
export interface Retries {
  ask(): void;
  /** Resolves with true when a retry is asked for, with false when `signal` aborts. Keeps the process alive. */
  next(signal: AbortSignal): Promise<boolean>;
}

export function createRetries(clock: Clock): Retries {
  let wake = (_asked: boolean) => {};
  return {
    ask: () => wake(true),
    async next(signal) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      wake = resolve;
      const letGo = stayAlive(clock);
      signal.addEventListener('abort', () => resolve(false), { once: true });
      if (signal.aborted) resolve(false);
      const asked = await promise;
      letGo();
      return asked;
    },
  };
}

/**
 * Keeps the process alive. Waiting for a command file would not be enough, because its watch does not keep a finished worker
 * alive.
 */
function stayAlive(clock: Clock): () => void {
  const dayMs = 24 * 3600 * 1000;
  let cancel = () => {};
  const again = () => {
    cancel = clock.after(dayMs, again);
  };
  again();
  return () => cancel();
}
