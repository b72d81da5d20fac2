import type { OutputLine } from '../found.ts';
import { isShare } from './context.ts';
import { readDecimal } from './numbers.ts';
import { tellsOfWork } from './words.ts';

/** A figure in a line, and where it is. */
export interface Figure {
  readonly from: number;
  readonly to: number;
}

export interface PercentFigure extends Figure {
  readonly percent: number;
  /** It is a share, a ratio or a level of something. */
  readonly isShare: boolean;
}

/** `4=12.5%` is one of a distribution. */
const PERCENT =
  /(?<![\p{L}\d_.,+-]|\d=)(?<p>\d{1,3}(?:[.,]\d{1,3})?)[\s\u00a0\u202f\u2009]?(?:[%％٪]|per ?cent|prozent)(?![\p{L}\d_])/giu;
/** The sign comes first in Turkish and Basque. */
const SIGN_FIRST = /(?<![\p{L}\d_%.])%[\s\u00a0\u202f]?(?<p>\d{1,3}(?:[.,]\d{1,2})?)(?![\p{L}\d_%])/gu;
const BAR =
  /[█▉▊▋▌▍▎▏▓▒░━╸╺■□▰▱▬●○◼◻⣿⡿⠿]{2,}|[#=*.>-]{3,}[>\s\]|)]|\[[#=*.>\s-]*[#=>][#=*.>\s-]*\]|\|[#=>█ -]+\|/u;
/** As in pytest, after a name that may contain anything, and may itself end with `[10%]`. */
const LAST_IN_BRACKETS = /\s\[\s*\d{1,3}%\s*\]\s*$/u;
/** What follows a preposition belongs to a sentence: `rounds to 57%`. */
const PREPOSITION = /\b(?:to|at|by|from|than|of|below|above|with|bei|auf|um|von|mit)\s+$/iu;
const RATE_OR_TIME = /\d\s?(?:[kMGT]?i?[bB]\/s|it\/s|s\/it|\/s)\b|\b(?:eta|etr)\b|\b\d{1,2}:\d{2}\b/iu;

/** Finds a line's percentage: the first that is progress, or that shows that the line is about something else. */
export function findPercent(line: OutputLine): PercentFigure | null {
  const { text } = line;
  if (!/[%％٪]|\d per ?cent|\d prozent/iu.test(text)) return null;
  const figures = figuresIn(text, PERCENT);
  const last = figures.at(-1);
  if (last && LAST_IN_BRACKETS.test(text)) return last;
  for (const figure of figures) {
    if (figure.isShare || isLikely(line, figure)) return figure;
  }
  if (!line.isRedrawn && !tellsOfWork(text)) return null;
  return figuresIn(text, SIGN_FIRST)[0] ?? null;
}

/** Tells whether a line shows a bar, by the characters that bars are drawn with. */
export function hasBar(text: string): boolean {
  return BAR.test(text);
}

function figuresIn(text: string, pattern: RegExp): PercentFigure[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const percent = readPercent(match.groups?.p ?? '');
    const [from, to] = [match.index, match.index + match[0].length];
    return percent === null ? [] : [{ percent, from, to, isShare: isShare(text, from, to) }];
  });
}

/** Reads a percentage. `1,057` may be more than a thousand, so it is not one. */
function readPercent(text: string): number | null {
  if (/^[1-9]\d{0,2},\d{3}$/u.test(text)) return null;
  const percent = readDecimal(text);
  return percent >= 0 && percent <= 100 ? percent : null;
}

/** Tells whether anything besides the figure suggests progress, because percentages also appear in prose. */
function isLikely({ text, isRedrawn }: OutputLine, { from, to }: Figure): boolean {
  if (isRedrawn) return true;
  const [before, behind] = [text.slice(0, from), text.slice(to)];
  if (/\[\s*$/u.test(before) && /^\s*\]/u.test(behind)) return true;
  if (before.trim() === '') return !/^\s*(?:of|der|des|de|von|van|di)\b/iu.test(behind) || tellsOfWork(text);
  if (PREPOSITION.test(before)) return hasBar(text) || tellsOfWork(text) || RATE_OR_TIME.test(behind);
  if (behind.trim().length <= 1 && /^\D{1,60}$/u.test(before) && before.trim().split(/\s+/u).length <= 5)
    return true;
  return hasBar(text) || tellsOfWork(text) || RATE_OR_TIME.test(behind);
}
