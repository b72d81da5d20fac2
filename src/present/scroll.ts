import { type PlainText, words } from '../model/text.ts';
import { plural } from './count.ts';
import { signs } from './glyphs.ts';
import { type Line, textLine } from './line.ts';

/** A visible part of a longer list of lines, and the index of its first line. */
export interface Scrolled {
  readonly lines: readonly Line[];
  readonly top: number;
}

/** Returns `height` of the lines, starting at `top` or as close to it as possible, with marks for what is left out. */
export function scrollLines(lines: readonly Line[], top: number, height: number, ascii: boolean): Scrolled {
  const from = clampTop(top, lines.length, height);
  const shown = lines.slice(from, from + height);
  const below = lines.length - from - height;
  if (from > 0 && height > 2) shown[0] = moreLine('up', plural(from + 1, 'more line'), ascii);
  if (below > 0 && height > 2) shown[height - 1] = moreLine('down', plural(below + 1, 'more line'), ascii);
  return { lines: shown, top: from };
}

export function clampTop(top: number, count: number, height: number): number {
  return Math.max(0, Math.min(top, count - height));
}

/** Returns the mark for lines above or below: `↓ 12 more`. */
export function moreLine(direction: 'up' | 'down', text: PlainText, ascii: boolean): Line {
  return textLine(words`  ${signs(ascii)[direction]} ${text}`, 'dim');
}
