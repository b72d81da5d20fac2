import type { Clock } from '../clock.ts';

/**
 * Decides which changes in a program's directory are worth asking the program: none that it makes itself when it is asked,
 * and at most one in a while.
 */
export interface Hints {
  /** Runs a question; changes until a moment after its end count as the program's own. */
  quietly<T>(question: () => Promise<T>): Promise<T>;
  /** Returns a function that calls `onHint`, late enough. */
  spaced(onHint: () => void): () => void;
  close(): void;
}

/** How long after it has answered a program may still change its files, such as locks or a time of last use. */
const SETTLES_MS = 1_000;
/** How long to leave the program alone after it was asked. */
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
