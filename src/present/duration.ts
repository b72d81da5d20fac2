import { joined, type PlainText, words } from '../model/text.ts';
import { NEVER, type TimedText } from './line.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Growing and shrinking times change in steps of this, so that a quiet row is not rewritten each second. */
const STEP_MS = 5_000;

/** Returns a fixed duration: `0.4s`, `12s`, `4m12s`, `2h05m`, `3d4h`. */
export function durationText(ms: number): PlainText {
  if (ms < SECOND_MS) return ms < 100 ? words`0s` : words`0.${Math.floor(ms / 100)}s`;
  if (ms < MINUTE_MS) return words`${Math.floor(ms / SECOND_MS)}s`;
  if (ms < HOUR_MS) return words`${Math.floor(ms / MINUTE_MS)}m${twoDigits((ms % MINUTE_MS) / SECOND_MS)}s`;
  if (ms < DAY_MS) return words`${Math.floor(ms / HOUR_MS)}h${twoDigits((ms % HOUR_MS) / MINUTE_MS)}m`;
  return words`${Math.floor(ms / DAY_MS)}d${Math.floor((ms % DAY_MS) / HOUR_MS)}h`;
}

/** Returns the same for rows that are skimmed; from ten minutes on, it leaves out the seconds: `9m12s`, `28m`, `2h05m`. */
export function roughDurationText(ms: number): PlainText {
  return ms >= 10 * MINUTE_MS && ms < HOUR_MS ? words`${Math.floor(ms / MINUTE_MS)}m` : durationText(ms);
}

/** Returns the growing time since `sinceMs`: below a minute in steps of 5 seconds, then in minutes: `35s`, `4m`, `2h05m`. */
export function elapsedText(sinceMs: number, nowMs: number): TimedText {
  const ms = Math.max(0, nowMs - sinceMs);
  const step = ms < MINUTE_MS ? STEP_MS : ms < DAY_MS ? MINUTE_MS : HOUR_MS;
  const shown = Math.floor(ms / step) * step;
  const text = shown >= MINUTE_MS && shown < HOUR_MS ? words`${shown / MINUTE_MS}m` : durationText(shown);
  return { text, until: nowMs + (shown + step - ms) };
}

/** Returns the same in at most five columns: from ten hours on without minutes, from ten days on without hours. */
export function shortElapsedText(sinceMs: number, nowMs: number): TimedText {
  const ms = Math.max(0, nowMs - sinceMs);
  const isLong = (ms >= 10 * HOUR_MS && ms < DAY_MS) || ms >= 10 * DAY_MS;
  if (!isLong) return elapsedText(sinceMs, nowMs);
  const [unitMs, unit] = ms < DAY_MS ? ([HOUR_MS, 'h'] as const) : ([DAY_MS, 'd'] as const);
  const shown = Math.floor(ms / unitMs);
  return { text: words`${Math.min(shown, 9_999)}${unit}`, until: nowMs + (shown + 1) * unitMs - ms };
}

/**
 * Returns how long ago something was: `just now`, `2m ago`, `3h ago`, `4d ago`. The older, the coarser, so that old rows are
 * not rewritten each minute.
 */
export function agoText(atMs: number, nowMs: number): TimedText {
  const ms = Math.max(0, nowMs - atMs);
  if (ms < MINUTE_MS) return { text: words`just now`, until: nowMs + MINUTE_MS - ms };
  const step =
    ms < 10 * MINUTE_MS ? MINUTE_MS : ms < HOUR_MS ? 5 * MINUTE_MS : ms < DAY_MS ? HOUR_MS : DAY_MS;
  const shown = Math.floor(ms / step) * step;
  const [unitMs, unit] =
    ms < HOUR_MS
      ? ([MINUTE_MS, 'm'] as const)
      : ms < DAY_MS
        ? ([HOUR_MS, 'h'] as const)
        : ([DAY_MS, 'd'] as const);
  return { text: words`${shown / unitMs}${unit} ago`, until: nowMs + (shown + step - ms) };
}

/** The time until something: a duration, or a moment if that is more than an hour away. */
export interface RemainingText extends TimedText {
  readonly isMoment: boolean;
}

/** Returns the shrinking time until `atMs`: `35s`, `4m`; beyond an hour the time of day: `14:35`, `Tue 14:35`, `24 Nov`. */
export function remainingText(atMs: number, nowMs: number, timeZone?: string): RemainingText {
  const ms = atMs - nowMs;
  const isMoment = ms >= HOUR_MS - MINUTE_MS / 2;
  if (isMoment)
    return { isMoment, text: momentText(atMs, nowMs, timeZone), until: atMs - (HOUR_MS - MINUTE_MS / 2) };
  if (ms <= STEP_MS) return { isMoment, text: words`${STEP_MS / SECOND_MS}s`, until: NEVER };
  if (ms <= MINUTE_MS - STEP_MS) {
    const steps = Math.ceil(ms / STEP_MS);
    return { isMoment, text: words`${(steps * STEP_MS) / SECOND_MS}s`, until: atMs - (steps - 1) * STEP_MS };
  }
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  const atLeastMs = minutes === 1 ? MINUTE_MS - STEP_MS : (minutes - 0.5) * MINUTE_MS;
  return { isMoment, text: words`${minutes}m`, until: Math.max(atMs - atLeastMs, nowMs + 1) };
}

/**
 * Returns a moment of today as `14:35`, within six days as `Tue 14:35`, otherwise as `24 Nov`, in another year as `1 Jan
 * 2099`.
 */
export function momentText(atMs: number, nowMs: number, timeZone?: string): PlainText {
  const at = wallClock(atMs, timeZone);
  const now = wallClock(nowMs, timeZone);
  const time = words`${twoDigits(at.getUTCHours())}:${twoDigits(at.getUTCMinutes())}`;
  if (dayNumber(at) === dayNumber(now)) return time;
  if (Math.abs(atMs - nowMs) < 6 * DAY_MS) return words`${WEEKDAYS[at.getUTCDay()] ?? ''} ${time}`;
  const day = words`${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ''}`;
  return at.getUTCFullYear() === now.getUTCFullYear() ? day : words`${day} ${at.getUTCFullYear()}`;
}

/** Returns a time of day to the second: `14:35:02`. */
export function clockText(atMs: number, timeZone?: string): PlainText {
  const at = wallClock(atMs, timeZone);
  return joined([at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(twoDigits), ':');
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
/** A moment further away does not fit into a date in every time zone. */
const FURTHEST_MS = 8.64e15 - DAY_MS;

/**
 * Returns a date whose UTC fields are those of a clock in this machine's time zone or a named one. Only a named zone needs
 * `Intl`, which takes 10 ms to set up: too long for a command that prints one line.
 */
function wallClock(atMs: number, timeZone: string | undefined): Date {
  const at = new Date(Math.min(Math.max(atMs, -FURTHEST_MS), FURTHEST_MS));
  if (timeZone === undefined) return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS);
  const parts = clockOf(timeZone).formatToParts(at);
  const part = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
  return new Date(
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')),
  );
}

/** Tells whether two moments are on the same day. */
export function isSameDay(atMs: number, otherMs: number, timeZone?: string): boolean {
  return dayNumber(wallClock(atMs, timeZone)) === dayNumber(wallClock(otherMs, timeZone));
}

function dayNumber(at: Date): number {
  return Math.floor(at.getTime() / DAY_MS);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Returns the formatter of a time zone. Creating one costs a thousand times as much as using it. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const day = { year: numeric, month: numeric, day: numeric } as const;
  const time = { hour: numeric, minute: numeric, second: numeric, hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en-GB', { ...day, ...time, timeZone });
  clocks.set(timeZone, made);
  return made;
}

function twoDigits(value: number): PlainText {
  return words`${Math.floor(value)}`.padStart(2, '0');
}
