import { vi } from 'vitest';

/**
 * Checks again and again until `check` no longer throws. The limit is for what hangs: slowness on a busy machine is not a
 * failure.
 */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 5 });
}
