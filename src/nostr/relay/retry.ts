import type { Clock } from '../../clock.ts';
import { createBackoff } from '../../io/backoff.ts';

/** Asks a relay again that has refused. It has one timer, however often it is set: repeated refusals must not pile up. */
export interface Retry {
  /** After 1, 2 and 4 s, if that may help. False if it was tried so often in vain. */
  soon(action: () => void): boolean;
  /** After 10 to 60 s. */
  later(action: () => void): void;
  in(delayMs: number, action: () => void): void;
  cancel(): void;
  /** The relay has served: the next delays are short again. */
  reset(): void;
}

export const FIRST_RETRY_MS = 10_000;
export const PATIENT_RETRY_MS = 1_000;
export const PATIENT_RETRIES = 3;

export function createRetry(clock: Clock): Retry {
  const backoff = createBackoff({ shortestMs: FIRST_RETRY_MS });
  let patience = PATIENT_RETRIES;
  let cancel = () => {};

  function set(delayMs: number, action: () => void): void {
    cancel();
    cancel = clock.after(delayMs, action);
  }

  return {
    soon(action: () => void): boolean {
      if (patience === 0) return false;
      set(PATIENT_RETRY_MS * 2 ** (PATIENT_RETRIES - patience), action);
      patience -= 1;
      return true;
    },
    in: set,
    later: (action: () => void) => set(backoff.next(), action),
    cancel: () => cancel(),
    reset() {
      cancel();
      patience = PATIENT_RETRIES;
      backoff.reset();
    },
  };
}
