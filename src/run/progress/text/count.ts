import type { OutputLine } from '../found.ts';
import { isNoCount, withoutDates, before as wordsBefore } from './context.ts';
import { NUMBER, readPair } from './numbers.ts';
import { type Figure, hasBar } from './percent.ts';
import { STEP_WORDS, tellsOfEnd, tellsOfWork } from './words.ts';

interface Counted {
  readonly done: number;
  readonly total: number;
}

export interface CountFigure extends Figure, Counted {
  /** It numbers a step that is under way: `task 2 of 5`, or `[2/5]` at the line's beginning. */
  readonly isStep: boolean;
  /** The last thing that it counts is under way, and not done. */
  readonly isUnderWay: boolean;
}

const OF = String.raw`\s*/\s*|\s+(?:out\s+)?of\s+|\s+von\s+|\s+sur\s+|\s+de\s+|\s+di\s+|\s+van\s+|\s+из\s+`;
const COUNT = new RegExp(
  String.raw`(?<![\p{L}\d_.,/:\\-])(?<n>${NUMBER})(?<of>${OF})(?<m>${NUMBER})(?![\d/\\]|[.,:-]?\d|[\p{L}_%])`,
  'gu',
);
const STEP_BEFORE = new RegExp(String.raw`(?<![\p{L}])(?<word>${STEP_WORDS})[\s:#=]*[[(]?\s*$`, 'iu');
const PLURAL = /(?<!^pas)s$/iu;
const ALL = /(?<![\d.,])100(?:[.,]0+)?\s?%/u;
/** A spinner next to words animates what they say. Lines that are drawn again move, too. */
const SPINNER = /^\s*[⠁-⣿◐◓◑◒◴◷◶◵◜◠◝◞◡◟◰◳◲◱▖▘▝▗]\s|\s[⠁-⣿]\s*$/u;
const TURNING_LINE = /^\s*[|/\\-]\s|\s[|/\\-]\s*$/u;

/** Finds `12 of 340`, `[12/340]`, `(3/12)`, `1,234 / 5,678` if they are progress, and not a date, version or attempt. */
export function findCount(line: OutputLine): CountFigure | null {
  if (!/\d\s*(?:\/|\p{L}{2,3})\s*(?:of\s+)?\d/u.test(line.text)) return null;
  const text = withoutDates(line.text);
  for (const match of text.matchAll(COUNT)) {
    const { n = '', of = '', m = '' } = match.groups ?? {};
    const [done, total] = readPair(n, m);
    if (!isWhole(done) || !isWhole(total) || done > total || total < 2) continue;
    const figure = { done, total, from: match.index, to: match.index + match[0].length };
    if (isNoCount(text, figure.from, figure.to)) return null;
    const place = placeOf(text, figure);
    if (!isLikely(line, text, place, of)) continue;
    return { ...figure, isStep: place.isStep, isUnderWay: isUnderWay({ ...line, text }, place, figure) };
  }
  return null;
}

interface Place {
  /** The words before it. */
  readonly before: string;
  /** In brackets of its own. */
  readonly isEnclosed: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isStep: boolean;
  /** A single thing is named before it: `layer 2/4`, not `layers: 2/4`. */
  readonly isOfOne: boolean;
}

function placeOf(text: string, { from, to, done }: Figure & Counted): Place {
  const [before, behind] = [text.slice(0, from), text.slice(to)];
  const isEnclosed = /[[(]\s*$/u.test(before) && /^\s*[\])]/u.test(behind);
  const isFirst = /^[\s[(>›➤⠀-⣿|/\\-]*$/u.test(before);
  const isLast = /^[\s\])….:]*$/u.test(behind);
  const word = STEP_BEFORE.exec(before)?.groups?.word;
  return {
    before: wordsBefore(text, from),
    isEnclosed,
    isFirst,
    isLast,
    isStep: done >= 1 && ((isEnclosed && isFirst) || word !== undefined),
    isOfOne: word !== undefined && !PLURAL.test(word),
  };
}

function isLikely({ isRedrawn }: OutputLine, text: string, place: Place, of: string): boolean {
  if (isRedrawn || place.isStep || place.isFirst) return true;
  if (place.isEnclosed && place.isLast) return true;
  if (hasBar(text)) return true;
  const isFraction = of.trim() === '/';
  return isFraction && !place.isEnclosed && !place.isLast ? tellsOfWork(place.before) : tellsOfWork(text);
}

/**
 * Tells whether the last counted thing is being worked on. The very last one is assumed to be, unless the line says otherwise,
 * because everything is done only when the command ends.
 */
function isUnderWay({ text, isRedrawn }: OutputLine, place: Place, { done, total }: Counted): boolean {
  if (done === 0 || hasBar(text.replaceAll('...', '…')) || ALL.test(text) || tellsOfEnd(text)) return false;
  const isTurning = SPINNER.test(text) || (isRedrawn && TURNING_LINE.test(text));
  return done === total || (isTurning && place.isOfOne);
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
