import { vi } from 'vitest';

/** Checks again and again until `check` no longer throws. It waits for what hangs: slowness on a busy machine is no failure. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 5 });
}
