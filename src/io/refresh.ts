import { type Clock, sleep } from '../clock.ts';

/** Something that is read anew whenever it may have changed. */
export interface Refresh {
  /** It may have changed: read it soon. Many calls make one reading, or two where one is under way. */
  soon(): void;
  /** Resolves once nothing is under way. The signal must have aborted. */
  ended(): Promise<void>;
}

/** Between two readings there is a rest of at least this, and as long as the last one took. */
const SHORTEST_REST_MS = 20;

/** Calls `read` once for each burst of hints, never twice at a time, until `signal` aborts. */
export function createRefresh(options: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly read: () => Promise<void>;
}): Refresh {
  const { clock, signal, read } = options;
  let isDue = false;
  let reading: Promise<void> | null = null;

  async function readWhileDue(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (isDue && !signal.aborted) {
      isDue = false;
      const startedAt = clock.monotonic();
      await read();
      await sleep(clock, Math.max(SHORTEST_REST_MS, clock.monotonic() - startedAt), signal);
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
