import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * Reads a moment in the past as people write it, in epoch ms: `90s`, `30m`, `24h`, `7d`, `2w` ago, or a date, with or
 * without a time, in this machine's zone if it names none.
 */
export function parseSince(text: string, nowMs: number): number {
  const [, count, unit] = /^(\d{1,6})\s*([smhdw])$/iu.exec(text.trim()) ?? [];
  if (count !== undefined && unit !== undefined)
    return nowMs - Number(count) * (UNIT_MS[unit.toLowerCase()] ?? 0);
  const at = /^\d{4}-\d\d-\d\d/u.test(text)
    ? Date.parse(text.length === 10 ? `${text}T00:00` : text)
    : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError('Write 30m, 24h, 7d or 2w, or a date such as 2026-11-01.');
}
