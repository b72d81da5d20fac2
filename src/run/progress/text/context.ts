import {
  NUMBERED_WORDS,
  PATH,
  SHARE_LINES,
  SHARE_WORDS,
  SUMMARY_WORDS,
  TRIAL_LINES,
  wordIn,
} from './words.ts';

/** How many characters before a figure, and how many words after it, say what it is about. */
const LOOK_BEHIND = 48;
const WORDS_AHEAD = 4;

const SHARE = wordIn(SHARE_WORDS);
const NUMBERED = new RegExp(`${wordIn(NUMBERED_WORDS).source}(?=[^\\p{L}]*$)`, 'iu');
const SHARE_LINE = wordIn(SHARE_LINES);
const TRIAL_LINE = wordIn(TRIAL_LINES);
/** The summary that istanbul's reporters end with. */
const COVERED = /^\s*(?:statements|branches|functions|lines|methods|classes)\s*[:|]/iu;
/** What df prints about a file system ends with its mount point. */
const MOUNTED = /^\s+\/\S*\s*$/u;
/** A size before and after, as in `569728 --> 412000 bytes (27.68%)`: the figure that follows is the difference. */
const CHANGED = /\d\s?\p{L}{0,5}\s*(?:[-=]{1,2}>|→)\s*\d/u;
const SUMMARY = wordIn(SUMMARY_WORDS);
const BOUND = /[\d|()[\]{},;]/u;
const DATE = /(?<![\d/.-])\d{1,4}(?<sign>[/.-])\d{1,2}\k<sign>\d{1,4}(?![\d/-])/gu;
const DAY = /(?<![\d/.])\d{1,2}[/.]\d{1,2}\.?(?=,?[ T]+\d{1,2}:\d{2})/gu;

/** Tells, by the words before and after it, whether a percentage is a share, a ratio or a level. */
export function isShare(text: string, from: number, to: number): boolean {
  if (COVERED.test(text) || SHARE_LINE.test(text.replace(PATH, ' '))) return true;
  if (MOUNTED.test(text.slice(to)) || CHANGED.test(text.slice(0, from))) return true;
  const isEnclosed = /\[\s*$/u.test(text.slice(0, from));
  if (!isEnclosed && SHARE.test(before(text, from))) return true;
  return !/^\s*[\])]/u.test(text.slice(to)) && SHARE.test(behind(text, to));
}

/** Tells whether `n of m` numbers an attempt, a shard or a version, or sums up what has passed and failed. */
export function isNoCount(text: string, from: number, to: number): boolean {
  if (COVERED.test(text) || NUMBERED.test(before(text, from)) || TRIAL_LINE.test(text.replace(PATH, ' ')))
    return true;
  return !/^\s*\]/u.test(text.slice(to)) && SUMMARY.test(behind(text, to));
}

/** Tells whether two sizes say how much of something is in use. */
export function isLevel(text: string, from: number, to: number): boolean {
  return SHARE.test(before(text, from)) || SUMMARY.test(behind(text, to));
}

/** Blanks out dates, which would read as counts: `12/31/2026`, `2026-11-21`, `31.12. 10:00`. */
export function withoutDates(text: string): string {
  if (!/\d[/.-]\d/u.test(text)) return text;
  const blank = (date: string) => ' '.repeat(date.length);
  return text.replace(DATE, blank).replace(DAY, blank);
}

/** Returns the words after the last figure or bracket before `from`, without file names. */
export function before(text: string, from: number): string {
  const near = text.slice(Math.max(0, from - LOOK_BEHIND), from).replace(/[[(]\s*$/u, '');
  return near.slice(lastBound(near) + 1).replace(PATH, ' ');
}

function behind(text: string, to: number): string {
  const rest = text.slice(to, to + LOOK_BEHIND);
  const end = rest.search(BOUND);
  const words = (end === -1 ? rest : rest.slice(0, end)).replace(PATH, ' ').trim().split(/\s+/u);
  return words.slice(0, WORDS_AHEAD).join(' ');
}

function lastBound(text: string): number {
  for (let at = text.length - 1; at >= 0; at -= 1) if (BOUND.test(text.charAt(at))) return at;
  return -1;
}
