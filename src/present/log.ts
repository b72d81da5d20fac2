import type { LogLine } from '../model/log.ts';
import { type PlainText, words } from '../model/text.ts';
import { plural } from './count.ts';
import { clockText } from './duration.ts';
import { cutLine, wrap } from './fit.ts';
import { type Line, type Segment, segment, textLine } from './line.ts';
import type { RenderContext } from './render-context.ts';

/** A line of a log as the screen keeps it. */
export interface HeldLine {
  readonly at: number;
  readonly stream: LogLine['stream'];
  readonly text: PlainText;
}

/** The part of a log that is kept. Lines are numbered from 0; the first ones may have been dropped. */
export interface HeldLog {
  readonly lines: readonly HeldLine[];
  /** The number of the first line that is kept. */
  readonly first: number;
  /** Whether more may come. */
  readonly isOpen: boolean;
  /** Why there is no log. */
  readonly problem: PlainText | null;
}

/** How a log is shown. */
export interface LogLook {
  /** The number of the first line to show, unless the end is followed. */
  readonly top: number;
  /** Whether the last line stays visible. */
  readonly follows: boolean;
  readonly wraps: boolean;
  /** What to search for; empty for nothing. */
  readonly search: PlainText;
}

/** A log on the screen: its title, then its lines. `top` is the number of the first. */
export interface ShownLog {
  readonly lines: readonly Line[];
  readonly top: number;
  /** Whether the last line is visible. */
  readonly isAtEnd: boolean;
}

/** In fewer columns, lines are shown without their time. */
const WIDE = 60;

/** Returns `height` lines, beginning with the title. */
export function logLines(
  log: HeldLog,
  name: PlainText,
  look: LogLook,
  context: RenderContext,
  height: number,
): ShownLog {
  const room = Math.max(1, height - 1);
  const rowsOf = (number: number) => rows(log.lines[number - log.first], look, context);
  const end = log.first + log.lines.length;
  const from = look.follows ? end : Math.max(log.first, Math.min(look.top, end));
  const top = Math.min(from, lastTop(log.first, end, room, rowsOf));
  const shown: Line[] = [];
  let next = top;
  for (; next < end && shown.length < room; next += 1) shown.push(...rowsOf(next));
  const isAtEnd = next === end && shown.length <= room;
  const says = log.lines.length > 0 ? [] : [textLine(words`  ${emptyText(log)}`, 'dim')];
  const title = titleLine(log, name, look, { top, isAtEnd }, context);
  return { lines: [title, ...says, ...shown].slice(0, height), top, isAtEnd };
}

/** Returns the first line from which everything to the end is visible. */
function lastTop(first: number, end: number, room: number, rowsOf: (number: number) => Line[]): number {
  let left = room;
  let top = end;
  while (top > first) {
    left -= rowsOf(top - 1).length;
    if (left < 0) break;
    top -= 1;
  }
  return Math.min(top, Math.max(first, end - 1));
}

function rows(held: HeldLine | undefined, look: LogLook, context: RenderContext): Line[] {
  if (!held) return [];
  const hasTime = context.width >= WIDE;
  const time = hasTime ? words`  ${clockText(held.at, context.timeZone)}  ` : words`  `;
  const width = context.width - time.length;
  const texts = look.wraps ? wrap(held.text, width) : [held.text];
  return texts.map((text, index) => {
    const lead = index === 0 ? time : words` `.repeat(time.length);
    return cutLine(
      [segment(lead, 'dim'), ...withMatches(text, held, look.search)],
      context.width,
      context.ascii,
    );
  });
}

function withMatches(text: PlainText, { stream }: HeldLine, search: PlainText): Segment[] {
  const tone = stream === 'note' ? 'dim' : 'plain';
  const found: Segment[] = [];
  let from = 0;
  for (let at = indexIn(text, search, 0); at >= 0; at = indexIn(text, search, from)) {
    found.push(segment(text.slice(from, at), tone), segment(text.slice(at, at + search.length), 'ask'));
    from = at + search.length;
  }
  return [...found, segment(text.slice(from), tone)];
}

/** Ignores case. */
function indexIn(text: PlainText, search: PlainText, from: number): number {
  return search === '' ? -1 : text.toLowerCase().indexOf(search.toLowerCase(), from);
}

/** Returns the number of the next matching line in a direction; null if there is none. */
export function findInLog(log: HeldLog, search: PlainText, from: number, direction: 1 | -1): number | null {
  const end = log.first + log.lines.length;
  for (let number = from; number >= log.first && number < end; number += direction) {
    const held = log.lines[number - log.first];
    if (held && indexIn(held.text, search, 0) >= 0) return number;
  }
  return null;
}

function emptyText({ problem, isOpen }: HeldLog): PlainText {
  return problem ?? (isOpen ? words`nothing printed yet` : words`nothing was printed`);
}

function titleLine(
  log: HeldLog,
  name: PlainText,
  look: LogLook,
  place: { readonly top: number; readonly isAtEnd: boolean },
  context: RenderContext,
): Line {
  const count = log.first + log.lines.length;
  const where = place.isAtEnd
    ? words`${plural(count, 'line')}${log.isOpen ? ', following' : ''}`
    : words`line ${place.top + 1} of ${count}`;
  const search = look.search === '' ? words`` : words`, search: ${look.search}`;
  const about = words`  ${where}${look.wraps ? ', wrapped' : ''}${search}`;
  return cutLine(
    [segment(words`log of ${name}`, 'strong'), segment(about, 'dim')],
    context.width,
    context.ascii,
  );
}
