/** The zone of a time that names none: this machine's local zone, or a number of minutes east of UTC (0 for UTC). */
export type NaiveZone = 'local' | number;

/** Returns the epoch ms of a moment from outside; null if it is not one. */
export type ReadMoment = (raw: unknown) => number | null;

/** `2026-11-21 07:45:42.123456789 +0000 UTC`, `20261121T074542Z`, `2026-11-21T07:45:42,123`, `2026-11-21` and the like. */
const CALENDAR =
  /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,12}))?)?)?\s*(.*)$/iu;
/** What may follow it: a zone, perhaps with its name, and the reading of Go's monotonic clock. */
const ZONE = /^(?:(z|utc|gmt)|([+-])(\d\d):?(\d\d)?(?:\s*\(?[a-z]{2,5}\)?)?)?(?:\s*m=[+-][\d.]+)?$/iu;
const NUMBER = /^[+-]?\d{1,20}(?:\.\d+)?(?:e[+]?\d{1,2})?$/iu;
/** The dates of mail, HTTP and `date`. `Date.parse` alone would accept far more ("May be 2"). */
const WORDY = /^[a-z]{3,9},? .*\d:\d\d.*\d{4}|^[a-z]{3,9},? .*\d{4}.*\d:\d\d/iu;
/** As JSON serialisers of .NET write dates. */
const DOT_NET = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/u;
/** The smallest number read as a count of seconds: it means 1973. */
const LEAST_COUNT = 1e8;
const LONGEST = 64;
const LATEST_MS = 8.64e15;

/**
 * Reads a moment, in epoch ms, in any form that programs write: a number (or a string of one) of seconds, milli-, micro- or
 * nanoseconds, distinguished by its size; ISO 8601 in all its spellings; the formats of SQL, Go, Python and Ruby; the dates
 * of mail and HTTP. A time without a zone is read in `naive`. Returns null for anything else, and for times up to the epoch.
 */
export function readMoment(raw: unknown, naive: NaiveZone = 'local'): number | null {
  if (typeof raw === 'number' || typeof raw === 'bigint') return fromNumber(Number(raw));
  if (typeof raw !== 'string') return null;
  const text = raw.trim();
  if (text === '' || text.length > LONGEST) return null;
  if (isCompactDate(text)) return inRange(fromText(text, naive));
  if (NUMBER.test(text)) return Number(text) < LEAST_COUNT ? null : fromNumber(Number(text));
  const dotNet = DOT_NET.exec(text)?.[1];
  return inRange(dotNet === undefined ? fromText(text, naive) : Number(dotNet));
}

/** Tells whether a value is a text with a date and a time of day, but without a zone. */
export function isNaive(raw: unknown): raw is string {
  if (typeof raw !== 'string' || raw.length > LONGEST || !/^\s*\d{4}-?\d\d/u.test(raw)) return false;
  const parts = CALENDAR.exec(raw.trim());
  return parts?.[5] !== undefined && parts[9] === '';
}

/**
 * Reads a number whose unit follows from its size: the ranges are those of the years 1973 to 5138, in each unit. A smaller
 * number is taken for milliseconds.
 */
function fromNumber(count: number): number | null {
  if (!(count > 0)) return null;
  if (count < LEAST_COUNT) return inRange(count);
  if (count < 1e11) return inRange(count * 1e3);
  if (count < 1e14) return inRange(count);
  return inRange(count < 1e17 ? count / 1e3 : count / 1e6);
}

/** Tells whether a text is a date such as `20261121`. (Eight digits read as seconds would be before 1973.) */
function isCompactDate(text: string): boolean {
  return /^(?:19[7-9]|20\d)\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u.test(text);
}

function fromText(text: string, naive: NaiveZone): number | null {
  const parts = CALENDAR.exec(text);
  if (!parts) return WORDY.test(text) ? Date.parse(text) : null;
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', behind = ''] = parts;
  const zone = ZONE.exec(behind);
  if (!zone) return Date.parse(text);
  const ms = Math.floor(Number(`0.${fraction || 0}`) * 1000);
  const fields = [year, Number(month) - 1, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = fields;
  if (mo > 11 || d < 1 || d > 31 || h > 24 || mi > 59 || s > 60) return null;
  const [, utc, sign, hours, minutes = '0'] = zone;
  if (naive === 'local' && !utc && !sign) return new Date(y, mo, d, h, mi, s, ms).getTime();
  const offset = Number(hours) * 60 + Number(minutes);
  const east = sign ? (sign === '-' ? -offset : offset) : utc ? 0 : Number(naive);
  return Date.UTC(y, mo, d, h, mi, s, ms) - east * 60_000;
}

function inRange(ms: number | null): number | null {
  return ms !== null && ms > 0 && ms <= LATEST_MS ? Math.round(ms) : null;
}

/** Returns a moment as a number in the unit of `existing`, another moment. */
export function countLike(existing: number, ms: number): number {
  if (existing < LEAST_COUNT) return ms;
  if (existing < 1e11) return Number.isInteger(existing) ? Math.floor(ms / 1e3) : ms / 1e3;
  if (existing < 1e14) return ms;
  return existing < 1e17 ? ms * 1e3 : ms * 1e6;
}
