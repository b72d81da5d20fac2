import type { Event, VerifiedEvent } from 'nostr-tools/core';
import type { Clock } from '../../clock.ts';
import { asVerified, type EventVerifier } from './event-verifier.ts';
import { FLOOD_AFTER_MS, LARGEST_BACKLOG } from './limits.ts';

/**
 * Verifies one relay's events, and passes them on in the order in which they arrived. If `LARGEST_BACKLOG` events are waiting,
 * the relay has to wait.
 */
export interface VerificationQueue {
  /** Verifies an event; calls `genuine` with it, or `forged` if it is not. */
  put(event: Event, genuine: (event: VerifiedEvent) => void): void;
  /** Runs `action` after all earlier events were handled. */
  afterwards(action: () => void): void;
  /** Whether the relay has to wait. If it reconnects, the new connection must wait, too. */
  readonly isPaused: boolean;
  /** Whether the relay has been sending more than can be verified for longer than catching up would take. */
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
