/** We never wait longer than a day. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * Returns how long a server's `Retry-After` asks us to wait, ms; it is a number of seconds, or a date. Null if it asks for
 * nothing.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/u.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(LONGEST_MS, Math.max(0, ms));
}
