import stringWidth from 'string-width';
import { joined, type PlainText, words } from '../model/text.ts';
import { type Line, line, NEVER, type Segment } from './line.ts';

const PLAIN_ASCII = /^[\x20-\x7e]*$/u;
/** Characters of one column, including our own signs. Most text consists of them and can skip the slow path. */
const ONE_COLUMN_EACH =
  /^[\x20-\x7e\xa1-\xac\xae-\xff\u2013\u2026\u203a\u2298\u2500-\u259f\u25cb\u25cc\u2713\u2717\u2800-\u28ff]*$/u;
const CUT_MARK = '…';
const ASCII_CUT_MARK = '~';

/** Returns this many blanks; none if it is less than one. */
export function blanks(count: number): PlainText {
  return words` `.repeat(Math.max(0, count));
}

/** Returns how many columns a line of text takes. */
export function widthOf(text: string): number {
  return ONE_COLUMN_EACH.test(text) ? text.length : stringWidth(text);
}

/** Returns at most `width` columns of `text`; if something is cut off, the last column holds a mark. */
export function cut(text: PlainText, width: number, ascii = false): PlainText {
  if (width <= 0) return words``;
  const steady = steadyText(text, width);
  if (ONE_COLUMN_EACH.test(steady) && steady.length <= width) return steady;
  const { head, all } = columns(steady, width);
  return all ? steady : words`${columns(head, width - 1).head}${ascii ? ASCII_CUT_MARK : CUT_MARK}`;
}

/** Returns exactly `width` columns: cut, or padded with blanks on the right. */
export function alignLeft(text: PlainText, width: number, ascii = false): PlainText {
  const short = cut(text, width, ascii);
  return words`${short}${blanks(width - widthOf(short))}`;
}

/** Returns exactly `width` columns: cut, or padded with blanks on the left. */
export function alignRight(text: PlainText, width: number, ascii = false): PlainText {
  const short = cut(text, width, ascii);
  return words`${blanks(width - widthOf(short))}${short}`;
}

/** Returns at most the last `width` columns of `text`; if something is cut off, the first column holds a mark. */
export function cutStart(text: PlainText, width: number): PlainText {
  if (widthOf(text) <= width) return text;
  const kept: PlainText[] = [];
  let left = width - 1;
  // No character is longer than this, and only the end of a pasted book is examined.
  for (const { segment } of graphemesOf(text.slice(-width * 16).toWellFormed()).reverse()) {
    left -= widthOf(segment);
    if (left < 0) break;
    kept.unshift(segment);
  }
  return width <= 0 ? words`` : words`${CUT_MARK}${joined(kept, '')}`;
}

/** Returns the segments as a line of at most `width` columns; if something is cut off, the last one holds a mark. */
export function cutLine(
  segments: readonly Segment[],
  width: number,
  ascii = false,
  until: number = NEVER,
): Line {
  let left = width;
  const kept: Segment[] = [];
  const last = segments.findLastIndex(({ text }) => text !== '');
  for (const [index, each] of segments.entries()) {
    const { text } = each;
    const hasMore = index < last;
    if (widthOf(text) > (hasMore ? left - 1 : left)) {
      kept.push({ ...each, text: cut(hasMore ? words`${text} ` : text, left, ascii) });
      break;
    }
    const part = cut(text, left, ascii);
    kept.push({ ...each, text: part });
    left -= widthOf(part);
  }
  return line(kept, until);
}

export function widthOfAll(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** Returns lines of at most `width` columns, broken at blanks if possible. */
export function wrap(text: PlainText, width: number): PlainText[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(steadyText(paragraph), Math.max(1, width)));
}

function wrapParagraph(text: PlainText, width: number): PlainText[] {
  const lines: PlainText[] = [];
  let rest = text;
  for (;;) {
    const { head, all } = columns(rest, width);
    if (all) return [...lines, rest];
    const blank = rest[head.length] === ' ' ? head.length : head.lastIndexOf(' ');
    const end = blank > 0 ? blank : Math.max(1, head.length);
    lines.push(rest.slice(0, end));
    rest = rest.slice(blank > 0 ? end + 1 : end);
  }
}

/** Returns as much of `text` as fits into `width` columns, in whole characters. */
function columns(text: PlainText, width: number): { head: PlainText; all: boolean } {
  if (ONE_COLUMN_EACH.test(text)) return { head: text.slice(0, width), all: text.length <= width };
  let used = 0;
  for (const { segment, index } of graphemesOf(text)) {
    used += widthOf(segment);
    if (used > width) return { head: text.slice(0, index), all: false };
  }
  return { head: text, all: true };
}

/** Joined emoji, and the modifiers for skin, style and key caps, whose width depends on the terminal. */
const UNSTEADY = /\u200d.|[\ufe00-\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/gsu;
/** Characters that are unknown to this Node, and so of unknown width. */
const UNASSIGNED = /\p{Cn}/gu;
/** Characters that never join others into a cluster that might be measured in two ways. */
const INDEPENDENT =
  /^[\x20-\x7e\xa0-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u2bff\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufffd]*$/u;
/** These take no column after the first part of a Hangul syllable. Without one, that depends on the terminal. */
const LATER_JAMO = /^[\u1160-\u11ff\ud7b0-\ud7ff]/u;
const HALF_FLAG = /^\p{Regional_Indicator}/u;

/**
 * Returns the text without what terminals measure differently: a family becomes its first member, a coloured hand a plain
 * one, so that the text after it keeps its column everywhere. Examines no more than `width` columns need.
 */
function steadyText(text: PlainText, width = text.length): PlainText {
  if (ONE_COLUMN_EACH.test(text)) return text;
  const enough = width * 16;
  const steady = (text.length > enough ? text.slice(0, enough).toWellFormed() : text)
    .replace(UNSTEADY, '')
    .replace(UNASSIGNED, '\ufffd');
  if (INDEPENDENT.test(steady)) return steady;
  return joined(
    graphemesOf(steady).map(({ segment }) => steadyCluster(segment)),
    '',
  );
}

/** Reduces a cluster to its first character and a mark, if terminals that count each character would use more columns. */
function steadyCluster(cluster: PlainText): PlainText {
  const characters = [...cluster];
  const [first = '', ...rest] = characters;
  if (LATER_JAMO.test(first) || (HALF_FLAG.test(first) && !HALF_FLAG.test(rest[0] ?? '')))
    return words`\ufffd`;
  if (rest.length === 0 || byCharacter(characters) <= widthOf(cluster)) return cluster;
  const next = rest.findIndex((character) => byCharacter([character]) > 0);
  const kept = [first, ...rest.slice(0, Math.max(0, next))].join('').length;
  return words`${cluster.slice(0, kept)}\ufffd`; // the mark also keeps it from joining what follows
}

function byCharacter(characters: readonly string[]): number {
  return characters.reduce((sum, character) => {
    if (LATER_JAMO.test(character)) return sum;
    return sum + (HALF_FLAG.test(character) ? 1 : widthOf(character));
  }, 0);
}

/** Typographic punctuation of one column, and its ASCII equivalent. */
const PUNCTUATION: Readonly<Record<string, PlainText>> = {
  [CUT_MARK]: words`${ASCII_CUT_MARK}`,
  '–': words`-`,
  '—': words`-`,
  '·': words`-`,
  '•': words`*`,
  '×': words`x`,
  '→': words`>`,
  '‘': words`'`,
  '’': words`'`,
  '“': words`"`,
  '”': words`"`,
};

/**
 * Returns the text for a terminal that knows only ASCII: letters without accents, and a `?` for each column that has no
 * equivalent.
 */
export function asciiText(text: PlainText): PlainText {
  if (PLAIN_ASCII.test(text)) return text;
  return joined(
    graphemesOf(text).map(({ segment }) => asciiCharacter(segment)),
    '',
  );
}

function asciiCharacter(character: PlainText): PlainText {
  const typed = PUNCTUATION[character];
  if (typed !== undefined) return typed;
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
  const width = widthOf(character);
  return PLAIN_ASCII.test(base) && base.length === width ? base : words`?`.repeat(width);
}

let segmenter: Intl.Segmenter | undefined;

/**
 * Splits text into graphemes. The segmenter is created only when needed: it initialises all of `Intl`, which plain text does
 * without.
 */
function graphemesOf(text: PlainText): { readonly segment: PlainText; readonly index: number }[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return [...segmenter.segment(text)].map(({ segment, index }) => {
    return { segment: text.slice(index, index + segment.length), index };
  });
}
