import { type NaiveZone, readMoment } from '../../model/moment.ts';

/** The format's times: local time of the machine that wrote them, with microseconds and no zone. */

/** Reads epoch ms from a time in a breakdown; null for anything that is not a text, or not a time. */
export function parseNaiveTime(raw: unknown): number | null {
  return typeof raw === 'string' ? readMoment(raw) : null;
}

/** Returns `2026-11-21T07:43:42.382000` for epoch ms, in this machine's zone or another. */
export function formatNaiveTime(ms: number, zone: NaiveZone = 'local'): string {
  const east = zone === 'local' ? -new Date(ms).getTimezoneOffset() : zone;
  return new Date(ms + east * 60_000).toISOString().replace('Z', '000');
}
