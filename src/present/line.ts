/** How a piece of text is meant; `ui/theme.ts` turns it into colour. Never the only bearer of a meaning. */
export type Tone = 'plain' | 'strong' | 'dim' | 'ok' | 'bad' | 'wait' | 'busy' | 'ask';

export interface Segment {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of the screen, and until when it stays true by itself: the clock has nothing to do before (epoch ms). */
export interface Line {
  readonly segments: readonly Segment[];
  readonly until: number;
}

/** Text that passing time changes at `until` (epoch ms). */
export interface TimedText {
  readonly text: string;
  readonly until: number;
}

export const NEVER = Number.POSITIVE_INFINITY;

export const BLANK_LINE: Line = { segments: [], until: NEVER };

export function segment(text: string, tone: Tone = 'plain'): Segment {
  return { text, tone };
}

/** Returns a line of `segments`, without the empty ones. */
export function line(segments: readonly Segment[], until: number = NEVER): Line {
  return { segments: segments.filter(({ text }) => text !== ''), until };
}

/** Returns a line of one tone. */
export function textLine(text: string, tone: Tone = 'plain', until: number = NEVER): Line {
  return line([segment(text, tone)], until);
}

/** Returns a line's text, without tones and trailing blanks. */
export function lineText({ segments }: Line): string {
  return segments
    .map(({ text }) => text)
    .join('')
    .trimEnd();
}

/** Returns the first moment at which one of the lines changes by itself. */
export function soonest(lines: readonly { readonly until: number }[]): number {
  return lines.reduce((until, each) => Math.min(until, each.until), NEVER);
}
