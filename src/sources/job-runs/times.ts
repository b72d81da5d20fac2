import { readMoment } from '../../model/moment.ts';

/** A day in ms, and the Julian day (SQLite's `julianday()`) at which 1970 began. */
const DAY_MS = 86_400_000;
const JULIAN_1970 = 2_440_587.5;
/** What SQLite, Go, Python, pandas and MySQL store if no time was set, or for "never". */
const NO_TIME =
  /^(?:0+(?:\.0*)?|-\d+(?:\.\d+)?|0000-00-00.*|0001-01-01.*|9999-.*|null|none|nil|nat|nan|-?infinity|never|n\/a|-)$/iu;
const NUMBER = /^\d+(?:\.\d+)?(?:e\+?\d+)?$/iu;
/** `20261121074542`, with or without milliseconds: as ms it would be the year 2612. */
const COMPACT = /^((?:19[7-9]|20\d)\d{5})(\d{6})(\d{3})?$/u;
const WEEK_DATE = /^(\d{4})-?W([0-5]\d)(?:-?([1-7]))?(?:T(.+))?$/iu;
const DAY_OF_YEAR = /^(\d{4})-([0-3]\d\d)(?:[T ](.+))?$/u;
/** `Sat Nov 21 07:45:42 2026`, without a zone. */
const ZONELESS_CTIME = /^[a-z]{3} [a-z]{3} +\d{1,2} \d\d:\d\d:\d\d \d{4}$/iu;
/** What Java (`[Europe/Berlin]`) and Go (`-0300 -03`) put after an offset. */
const ZONE_NAME = /(?:\s*\[[^\]]*\]|(?<=[+-]\d\d:?\d\d)\s[+-]\d{2,4})$/u;

/**
 * Counts of 100 ns, as .NET (from the year 1) and Windows (from 1601) store them, and of µs from 1601, as browsers do. The
 * ranges that they have in our time do not overlap.
 */
const EPOCHS: readonly {
  readonly from: number;
  readonly to: number;
  readonly ms: (count: number) => number;
}[] = [
  { from: 6.2e17, to: 6.8e17, ms: (ticks) => ticks / 1e4 - 62_135_596_800_000 },
  { from: 1.2e17, to: 1.6e17, ms: (ticks) => ticks / 1e4 - 11_644_473_600_000 },
  { from: 1.2e16, to: 1.6e16, ms: (micros) => micros / 1e3 - 11_644_473_600_000 },
  { from: JULIAN_1970, to: JULIAN_1970 + 100_000, ms: (days) => (days - JULIAN_1970) * DAY_MS },
];

/**
 * Reads epoch ms from a timestamp in a job database, which may come from any language: whatever `readMoment` reads, Julian
 * days, counts of .NET and Windows, week dates. Without a zone it is UTC, like SQLite's own timestamps. Null if there is no
 * time, or none that can be read (`isUnreadStamp`).
 */
export function parseStamp(raw: string | null | undefined): number | null {
  const text = raw?.trim() ?? '';
  if (text === '' || NO_TIME.test(text)) return null;
  return fromCount(text) ?? fromCalendar(text) ?? readMoment(text.replace(ZONE_NAME, ''), 0);
}

/** Tells whether a value is meant to be a time, but cannot be read. */
export function isUnreadStamp(raw: string | null | undefined): raw is string {
  const text = raw?.trim() ?? '';
  return text !== '' && !NO_TIME.test(text) && parseStamp(text) === null;
}

function fromCount(text: string): number | null {
  if (!NUMBER.test(text)) return null;
  const [, date, time, ms] = COMPACT.exec(text) ?? [];
  if (date && time) return readMoment(`${date}T${time}.${ms ?? '0'}`, 0);
  const count = Number(text);
  const epoch = EPOCHS.find(({ from, to }) => count >= from && count < to);
  return epoch ? Math.round(epoch.ms(count)) : null;
}

function fromCalendar(text: string): number | null {
  const [, weekYear, week, weekday = '1', weekTime] = WEEK_DATE.exec(text) ?? [];
  if (weekYear) {
    const fourth = Date.UTC(Number(weekYear), 0, 4); // always in the first week
    const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS;
    return onDay(monday + ((Number(week) - 1) * 7 + Number(weekday) - 1) * DAY_MS, weekTime);
  }
  const [, year, day, dayTime] = DAY_OF_YEAR.exec(text) ?? [];
  if (year) return onDay(Date.UTC(Number(year), 0, Number(day)), dayTime);
  return ZONELESS_CTIME.test(text) ? readMoment(`${text} UTC`, 0) : null;
}

function onDay(ms: number, time = '00:00'): number | null {
  return readMoment(`${new Date(ms).toISOString().slice(0, 10)}T${time}`, 0);
}

/** Returns `2026-11-21 07:45:42Z`. */
export function stampText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Returns a duration in one unit: `3 ms`, `7.0 s`, `45 s`, `12 min`, `3.2 h`. */
export function spanText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}
