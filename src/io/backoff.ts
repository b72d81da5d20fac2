/** How long to wait before each new attempt. */
export interface Backoff {
  /** Returns the next delay, ms: twice the last one, within the bounds, and half of it random. */
  next(): number;
  /** To be called after a lasting success: makes the next delay short again. */
  reset(): void;
}

const SHORTEST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/** Creates doubling delays between 1 and 60 s, with jitter, so that many clients of a server do not return at once. */
export function createBackoff(
  options: { shortestMs?: number; longestMs?: number; random?: () => number } = {},
): Backoff {
  const { shortestMs = SHORTEST_BACKOFF_MS, longestMs = LONGEST_BACKOFF_MS, random = Math.random } = options;
  let upperMs = shortestMs;
  return {
    next() {
      upperMs = Math.min(longestMs, upperMs * 2);
      return upperMs / 2 + (random() * upperMs) / 2;
    },
    reset() {
      upperMs = shortestMs;
    },
  };
}
