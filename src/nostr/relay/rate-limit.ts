import type { Clock } from '../../clock.ts';

/** Returns a function that takes one of `most` turns, and returns false if all of the last `withinMs` are taken. */
export function createRateLimit(clock: Clock, most: number, withinMs: number): () => boolean {
  let recent: number[] = [];
  return () => {
    const now = clock.monotonic();
    recent = recent.filter((at) => now - at < withinMs);
    if (recent.length >= most) return false;
    recent.push(now);
    return true;
  };
}
