/** Retries that watchers ask for while the command is not running. */
export interface Retries {
  ask(): void;
  /** Resolves with true when a retry is asked for, with false when `signal` aborts. */
  next(signal: AbortSignal): Promise<boolean>;
}

export function createRetries(): Retries {
  let wake = (_asked: boolean) => {};
  return {
    ask: () => wake(true),
    next: (signal) =>
      new Promise((resolve) => {
        wake = resolve;
        if (signal.aborted) resolve(false);
        signal.addEventListener('abort', () => resolve(false), { once: true });
      }),
  };
}
