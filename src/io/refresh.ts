import { type Clock, sleep } from '../clock.ts';

/** Something that is read again whenever it may have changed. */
export interface Refresh {
  /** It may have changed: reads it soon. Many calls cause a single reading, or two if one is under way. */
  soon(): void;
  /** Resolves once nothing is under way. The signal must have aborted. */
  ended(): Promise<void>;
}

const SHORTEST_REST_MS = 20;
/** Even if a reading seems to have taken hours, because the machine was asleep. */
const LONGEST_REST_MS = 10_000;

/**
 * Calls `read`, which never rejects, once for each burst of hints and never twice at a time, until `signal` aborts. Hints
 * within one turn of the event loop are one burst.
 */
export function createRefresh(options: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly read: () => Promise<void>;
  /** Returns how long to rest after a reading, in ms; by default as long as it took, and at least 20 ms. */
  readonly restAfter?: (tookMs: number) => number;
}): Refresh {
  const { clock, signal, read, restAfter = (tookMs) => Math.max(SHORTEST_REST_MS, tookMs) } = options;
  let isDue = false;
  let reading: Promise<void> | null = null;

  async function readWhileDue(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (isDue && !signal.aborted) {
      isDue = false;
      const startedAt = clock.monotonic();
      await read();
      const restMs = Math.min(restAfter(clock.monotonic() - startedAt), LONGEST_REST_MS);
      if (restMs > 0) await sleep(clock, restMs, signal);
    }
    reading = null;
  }

  return {
    soon() {
      isDue = true;
      reading ??= readWhileDue();
    },
    ended: async () => reading ?? undefined,
  };
}
