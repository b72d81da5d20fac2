import { joined, type Plain, type PlainText, words } from '../model/text.ts';

/** How a piece of text is meant; `ui/theme.ts` turns it into colour. A meaning is never conveyed by it alone. */
export type Tone = 'plain' | 'strong' | 'dim' | 'ok' | 'bad' | 'wait' | 'busy' | 'ask';

export interface Segment {
  readonly text: PlainText;
  readonly tone: Tone;
  /** Past things are faint; the selection and badges are in reverse. */
  readonly look?: 'faint' | 'reverse';
}

/**
 * One line of the screen, and until when it remains true without news (epoch ms). Before that, the clock changes nothing.
 */
export interface Line {
  readonly segments: readonly Segment[];
  readonly until: number;
}

/** Text that will change at `until` because time passes (epoch ms). */
export interface TimedText {
  readonly text: PlainText;
  readonly until: number;
}

export const NEVER = Number.POSITIVE_INFINITY;

export const BLANK_LINE: Line = { segments: [], until: NEVER };

export function segment<T extends string>(text: Plain<T>, tone?: Tone): Segment;
export function segment(text: PlainText, tone: Tone = 'plain'): Segment {
  return { text, tone };
}

/** Returns a segment in reverse, with a blank on either side. */
export function badge(text: PlainText, tone: Tone = 'plain'): Segment {
  return { text: words` ${text} `, tone, look: 'reverse' };
}

/** Returns the segments with a look, unless they have one of their own. */
export function withLook(segments: readonly Segment[], look: NonNullable<Segment['look']>): Segment[] {
  return segments.map((each) => ({ look, ...each }));
}

/** Returns a line of `segments`, without the empty ones. */
export function line(segments: readonly Segment[], until: number = NEVER): Line {
  return { segments: segments.filter(({ text }) => text !== ''), until };
}

/** Returns a line of one tone. */
export function textLine<T extends string>(text: Plain<T>, tone?: Tone, until?: number): Line;
export function textLine(text: PlainText, tone: Tone = 'plain', until: number = NEVER): Line {
  return line([segment(text, tone)], until);
}

/** Returns a line's text, without tones and trailing blanks. */
export function lineText({ segments }: Line): PlainText {
  return joined(
    segments.map(({ text }) => text),
    '',
  ).trimEnd();
}

/** Returns the first moment at which one of the lines changes on its own. */
export function soonest(lines: readonly { readonly until: number }[]): number {
  return lines.reduce((until, each) => Math.min(until, each.until), NEVER);
}
