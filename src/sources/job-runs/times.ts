/** Epoch ms of a stamp in a job database: UTC ISO text, SQLite's own `YYYY-MM-DD HH:MM:SS` (UTC too), or ms. */
export function parseStamp(raw: string | null | undefined): number | null {
  if (raw === null || raw === undefined || raw.length > 40) return null;
  if (/^\d{11,15}(?:\.\d+)?$/u.test(raw)) return Math.round(Number(raw));
  const hasZone = /(?:z|[+-]\d\d:?\d\d)$/iu.test(raw);
  const ms = Date.parse(hasZone ? raw : `${raw.replace(' ', 'T')}Z`);
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** `2026-11-21 07:45:42Z`. */
export function stampText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** A span in one unit: `3 ms`, `7.0 s`, `45 s`, `12 min`, `3.2 h`. */
export function spanText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}
