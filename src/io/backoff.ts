/** How long to wait before each new attempt. */
export interface Backoff {
  /** The next delay, ms: twice the last one, within the bounds, half of it by chance. */
  next(): number;
  /** After a success that lasted: the next delay is short again. */
  reset(): void;
}

export const SHORTEST_BACKOFF_MS = 1_000;
export const LONGEST_BACKOFF_MS = 60_000;

/** Creates doubling delays between 1 and 60 s; the jitter keeps many clients of one server from coming back in step. */
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
