import type { Event, VerifiedEvent } from 'nostr-tools/core';
import type { Clock } from '../../clock.ts';
import { asVerified, type EventVerifier } from './event-verifier.ts';
import { FLOOD_AFTER_MS, LARGEST_BACKLOG } from './limits.ts';

/**
 * The way of one relay's events through verification: handed on in the order in which they came, and never more under
 * way than `LARGEST_BACKLOG`: beyond that the relay is made to wait.
 */
export interface VerificationQueue {
  /** Hands the event on once it proved genuine; calls `forged` if it did not. */
  put(event: Event, genuine: (event: VerifiedEvent) => void): void;
  /** Runs `action` when all that was put before has been dealt with. */
  afterwards(action: () => void): void;
  /** Is the relay made to wait? A new connection must be, too. */
  readonly isPaused: boolean;
  /** Has the relay sent more than could be verified for so long that it can't be a catch-up? */
  readonly isFlooded: boolean;
}

export function createVerificationQueue(options: {
  clock: Clock;
  verify: EventVerifier;
  pause: () => void;
  resume: () => void;
  forged: () => void;
}): VerificationQueue {
  const { clock, verify, pause, resume, forged } = options;
  let tail: Promise<void> = Promise.resolve();
  let backlog = 0;
  let backlogSince: number | null = null;
  let isPaused = false;
  let isFlooded = false;

  function entered(): void {
    backlog += 1;
    if (isPaused || backlog < LARGEST_BACKLOG) return;
    backlogSince ??= clock.monotonic();
    isFlooded = clock.monotonic() - backlogSince >= FLOOD_AFTER_MS;
    isPaused = true;
    pause();
  }

  function left(): void {
    backlog -= 1;
    if (backlog === 0) {
      backlogSince = null;
      isFlooded = false;
    }
    if (!isPaused || backlog > LARGEST_BACKLOG / 4) return;
    isPaused = false;
    resume();
  }

  return {
    put(event, genuine) {
      entered();
      const verdict = verify(event);
      tail = tail.then(async () => {
        if (await verdict) genuine(asVerified(event));
        else forged();
        left();
      });
    },
    afterwards(action) {
      tail = tail.then(action);
    },
    get isPaused() {
      return isPaused;
    },
    get isFlooded() {
      return isFlooded;
    },
  };
}
