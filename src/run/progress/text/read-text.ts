import { countOf, type Found, nextBegunOf, type OutputLine, percentOf } from '../found.ts';
import { isLevel } from './context.ts';
import { type CountFigure, findCount } from './count.ts';
import { isName, withoutNames } from './names.ts';
import { findPercent, type PercentFigure } from './percent.ts';
import { findSizes } from './sizes.ts';

/** A count and a percentage agree if they differ by no more than rounding. */
const AGREES_WITHIN = 1.1;
const NAME_LIMIT = 80;

/**
 * Reads progress that any tool may print: percentages, counts, sizes. Percentages win, because they take weights into account.
 */
export function readText(line: OutputLine): Found | null {
  const { text } = line;
  if (!/\d/u.test(text) || isName(text, line.isRedrawn)) return null;
  const figures = { ...line, text: withoutNames(text) };
  const percent = findPercent(figures);
  const count = findCount(figures);
  if (percent?.isShare) return count && count.from < percent.from ? plainCount(text, count) : null;
  if (percent && count) return both(text, percent, count);
  if (percent) return percentOf(percent.percent, labelOf(text.slice(0, percent.from)));
  const sizes = findSizes(figures.text);
  if (sizes) return isLevel(text, sizes.from, sizes.to) ? null : countOf(sizes.done, sizes.total);
  return count && plainCount(text, count);
}

function plainCount(text: string, { done, total, from, isUnderWay }: CountFigure): Found | null {
  const label = labelOf(text.slice(0, from));
  return isUnderWay ? nextBegunOf(done, total, label) : countOf(done, total, label);
}

/** Combines a percentage and a count: either they agree, or the count numbers a step and the percentage is that step's own. */
function both(text: string, { percent, from, to }: PercentFigure, count: CountFigure): Found | null {
  const { done, total, isStep } = count;
  const label = labelOf(text.slice(0, Math.min(from, count.from)));
  if (Math.abs(percent - (done / total) * 100) < AGREES_WITHIN) return countOf(done, total, label);
  if (!isStep || count.from > from) return percentOf(percent, labelOf(text.slice(0, from)));
  const name = nameOf(text.slice(count.to, from)) || nameOf(text.slice(to));
  return { kind: 'step', number: done, total, name, percent };
}

/** Returns what tells one bar from another: the words before its figures. */
export function labelOf(before: string): string {
  return before
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
    .toLowerCase()
    .slice(0, NAME_LIMIT);
}

/** Returns what a line calls the step, without brackets, bars and signs around it. */
export function nameOf(raw: string): string {
  return raw
    .replace(/^[\s\])}:.,|>#=*-]+/u, '')
    .replace(/[\s[({:.,|>#=*█░━-]+$/u, '')
    .slice(0, NAME_LIMIT);
}
