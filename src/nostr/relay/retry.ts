import type { Clock } from '../../clock.ts';
import { createBackoff } from '../../io/backoff.ts';

/** Delays asking a relay again that has refused. There is only one timer, so that repeated refusals do not add up. */
export interface Retry {
  /** Runs `action` after 1, 2 and then 4 s. Returns false once all three were tried in vain. */
  soon(action: () => void): boolean;
  /** Runs `action` after 10 to 60 s. */
  later(action: () => void): void;
  in(delayMs: number, action: () => void): void;
  cancel(): void;
  /** To be called when the relay has served us: makes the next delays short again. */
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
