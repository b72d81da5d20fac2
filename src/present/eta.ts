import type { Estimate } from '../eta/estimator.ts';
import { durationText, remainingText } from './duration.ts';
import { signs } from './glyphs.ts';
import { NEVER, type TimedText } from './line.ts';
import type { Look } from './look.ts';

/** A band wider than this says nothing worth a figure. */
const WIDEST_BAND = 10;
/** Below this, an end is as good as there, ms. */
export const SOON_MS = 5_000;

/** When it will be done: `~35s`, `~4m`, `~14:35`; `first run` where nothing better is known; empty without estimate. */
export function etaText(estimate: Estimate | null, { nowMs, timeZone }: Look): TimedText {
  if (!estimate) return { text: '', until: NEVER };
  if (isVague(estimate)) return { text: 'first run', until: NEVER };
  if (isDue(estimate)) return { text: 'soon', until: NEVER };
  const remaining = remainingText(nowMs + estimate.remainingMs, nowMs, timeZone);
  return { text: `~${remaining.text}`, until: remaining.until };
}

/** The band that holds the truth about four times in five: `2–9m`, `35s–2m`. Empty where there is none to speak of. */
export function bandText(estimate: Estimate | null, { ascii }: Look): string {
  if (!estimate) return '';
  const low = roughly(estimate.lowMs);
  const high = roughly(estimate.highMs);
  if (low === high) return low;
  const unit = /^\d+([smh])$/u;
  const isSameUnit = unit.exec(low)?.[1] === unit.exec(high)?.[1] && unit.test(low);
  return `${isSameUnit ? low.slice(0, -1) : low}${signs(ascii).dash}${high}`;
}

/** Should it be there by now? */
export function isDue(estimate: Estimate | null): boolean {
  return estimate !== null && estimate.remainingMs <= SOON_MS;
}

function isVague({ lowMs, highMs }: Estimate): boolean {
  return highMs > WIDEST_BAND * Math.max(lowMs, 1_000);
}

/** No finer than known: steps of 5 s below a minute, whole minutes below an hour, then steps of 5 minutes. */
function roughly(ms: number): string {
  if (ms < 57_500) return durationText(Math.round(ms / 5_000) * 5_000);
  const minutes = Math.round(ms / 60_000);
  return minutes < 60 ? `${minutes}m` : durationText(Math.round(ms / 300_000) * 300_000);
}
