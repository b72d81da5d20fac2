import { isLate, type ShownEstimate } from '../eta/shown-estimate.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { durationText, remainingText } from './duration.ts';
import { signs } from './glyphs.ts';
import { NEVER, type TimedText } from './line.ts';
import type { RenderContext } from './render-context.ts';

/** With less than this left, in ms, a task is as good as done. */
export const SOON_MS = 5_000;
const SECONDS_STEP_MS = 5_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A publisher whose factor is between these is accurate enough. */
const TOO_LATE = 1.25;
const TOO_EARLY = 0.8;

/**
 * Returns when a task will be done, in at most `room` columns: `~4m (2–9m)`, beyond an hour `~14:35`; `late, usually 3m`
 * once the predicted time has passed; `first run` if too little is known. If the remaining time went up, it says so: `~6m,
 * slower`. Empty without an estimate.
 */
export function etaText(
  estimate: ShownEstimate | null,
  context: RenderContext,
  room = Number.POSITIVE_INFINITY,
): TimedText {
  if (!estimate) return { text: words``, until: NEVER };
  if (isLate(estimate, context.nowMs)) return { text: fitting(lateTexts(estimate), room), until: NEVER };
  const until = Math.min(estimate.lateAt + 1, estimate.reviewAt);
  const still = (text: PlainText) => ({ text, until });
  if (estimate.isVague) return still(words`first run`);
  if (isDue(estimate)) return still(words`soon`);
  const remaining = remainingText(context.nowMs + estimate.remainingMs, context.nowMs, context.timeZone);
  const figure = words`~${remaining.text}`;
  const band = bandText(estimate, context);
  const texts = estimate.delay
    ? [words`${figure}, slower`, figure]
    : band === '' || estimate.remainingMs >= HOUR_MS
      ? [figure]
      : [words`${figure} (${band})`, figure];
  return { text: fitting(texts, room), until: Math.min(remaining.until, until) };
}

/**
 * Returns the band that contains the true end about four times in five: `2–9m`, `35s–2m`. It is derived from the rounded
 * figure, so that both change at the same moment. Empty if there is no band worth showing.
 */
export function bandText(estimate: ShownEstimate | null, { ascii }: Pick<RenderContext, 'ascii'>): PlainText {
  if (!estimate) return words``;
  const { remainingMs, lowMs, highMs } = estimate;
  const step = remainingMs <= MINUTE_MS - SECONDS_STEP_MS ? SECONDS_STEP_MS : MINUTE_MS;
  const shownMs =
    step === MINUTE_MS
      ? Math.max(1, Math.round(remainingMs / step)) * step
      : Math.ceil(remainingMs / step) * step;
  const low = roughly(Math.max(0, shownMs - toStep(remainingMs - lowMs, step)), step);
  const high = roughly(shownMs + toStep(highMs - remainingMs, step), step);
  if (low === high) return words``;
  const unit = /^\d+([smh])$/u;
  const isSameUnit = unit.exec(low)?.[1] === unit.exec(high)?.[1] && unit.test(low);
  return words`${isSameUnit ? low.slice(0, -1) : low}${signs(ascii).dash}${high}`;
}

/**
 * Returns the remaining time for a log that is read later and elsewhere, so without times of day. Empty if nothing is known.
 */
export function etaWords(
  estimate: ShownEstimate | null,
  context: Pick<RenderContext, 'ascii' | 'nowMs'>,
): PlainText {
  if (!estimate) return words``;
  if (isLate(estimate, context.nowMs)) return lateTexts(estimate)[0] ?? words``;
  if (estimate.isVague) return words``;
  const band = bandText(estimate, context);
  return words`~${usualText(estimate.remainingMs)} left${band === '' ? '' : words` (${band})`}`;
}

function lateTexts({ usualMs }: ShownEstimate): PlainText[] {
  return usualMs === null ? [words`late`] : [words`late, usually ${usualText(usualMs)}`, words`late`];
}

/** Returns why the remaining time went up. */
export function delayText(delay: NonNullable<ShownEstimate['delay']>): PlainText {
  switch (delay) {
    case 'than-usual':
      return words`slower than usual`;
    case 'than-before':
      return words`slower than at first`;
    case 'than-said':
      return words`delayed by its publisher`;
    default:
      return delay satisfies never;
  }
}

/** Returns `its own estimates run 2.3× late`; empty if they are about right, or if there were none. */
export function publisherText(
  { publisherFactor: factor }: ShownEstimate,
  { ascii }: Pick<RenderContext, 'ascii'>,
): PlainText {
  if (factor === null || (factor < TOO_LATE && factor > TOO_EARLY)) return words``;
  const times = ascii ? 'x' : '×';
  return factor >= TOO_LATE
    ? words`its own estimates run ${plainName(factor.toFixed(1))}${times} late`
    : words`its own estimates are ${plainName((1 / factor).toFixed(1))}${times} too long`;
}

/** Returns how long something usually takes, rounded sensibly: `35s`, `4m`, `2h05m`. */
export function usualText(ms: number): PlainText {
  if (ms < MINUTE_MS - SECONDS_STEP_MS / 2) return roughly(Math.max(SECONDS_STEP_MS, ms), SECONDS_STEP_MS);
  return roughly(ms, MINUTE_MS);
}

/** Tells whether the task should have ended by now. */
export function isDue(estimate: ShownEstimate | null): boolean {
  return estimate !== null && estimate.remainingMs <= SOON_MS;
}

/** Returns the first text that fits, otherwise the last. */
function fitting(texts: readonly PlainText[], room: number): PlainText {
  return texts.find((text) => text.length <= room) ?? texts.at(-1) ?? words``;
}

function toStep(ms: number, step: number): number {
  return Math.round(ms / step) * step;
}

/** Rounds to 5 s below a minute if the figure is in seconds, otherwise to minutes; beyond an hour to 5 minutes. */
function roughly(ms: number, step: number): PlainText {
  if (ms < MINUTE_MS && step < MINUTE_MS) return durationText(toStep(ms, step));
  if (ms < HOUR_MS - MINUTE_MS / 2) return words`${Math.round(ms / MINUTE_MS)}m`;
  return durationText(toStep(ms, 5 * MINUTE_MS));
}
