import type { Clock } from '../clock.ts';

/** How long to work in one turn of the event loop, ms: a key that is pressed meanwhile still shows its effect in time. */
const SLICE_MS = 8;
const AT_ONCE = 16;

/**
 * Calls `work` for `count` items, a few at a time (those from index `from` to before `to`), with turns of the event loop in
 * between. Stops and resolves to false if `work` returns false or `signal` aborts.
 */
export async function inSlices(
  count: number,
  work: (from: number, to: number) => boolean,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<boolean> {
  let end = clock.monotonic() + SLICE_MS;
  for (let from = 0; from < count; from += AT_ONCE) {
    if (!work(from, Math.min(count, from + AT_ONCE))) return false;
    if (clock.monotonic() < end) continue;
    await turnOfItsOwn();
    if (signal.aborted) return false;
    end = clock.monotonic() + SLICE_MS;
  }
  return true;
}

/** Waits for two turns: the results of a slice are processed and drawn in the first, which the next slice must not delay. */
function turnOfItsOwn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
