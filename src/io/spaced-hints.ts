import type { Clock } from '../clock.ts';

/**
 * Tells which changes in a program's directory are worth a question to the program: not those that it makes itself when
 * it is asked, and at most one in a while.
 */
export interface Hints {
  /** Runs a question; what changes until a moment after its end is its own doing. */
  quietly<T>(question: () => Promise<T>): Promise<T>;
  /** Returns `onHint`, called late enough. */
  spaced(onHint: () => void): () => void;
  close(): void;
}

/** How long after its end a program may still change its files: locks, a note of when it was used last. */
const SETTLES_MS = 1_000;
/** How long it is left alone after it was asked. */
const REST_MS = 10_000;

export function createHints(clock: Clock): Hints {
  let isAsking = false;
  let endedAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;

  return {
    async quietly(question) {
      cancel?.();
      cancel = null;
      isAsking = true;
      try {
        return await question();
      } finally {
        isAsking = false;
        endedAt = clock.monotonic();
      }
    },
    spaced(onHint) {
      return () => {
        const sinceMs = clock.monotonic() - endedAt;
        if (isAsking || sinceMs < SETTLES_MS || cancel) return;
        cancel = clock.after(Math.max(0, REST_MS - sinceMs), () => {
          cancel = null;
          onHint();
        });
      };
    },
    close() {
      cancel?.();
      cancel = null;
    },
  };
}
