import type { TaskStatus } from '../model/task.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import type { Counts } from '../store/select.ts';
import type { SourceRecord, State } from '../store/state.ts';
import { countedStatus } from './count.ts';
import { blanks, cutLine, widthOf, widthOfAll } from './fit.ts';
import { signs, taskGlyph } from './glyphs.ts';
import { badge, type Line, line, NEVER, type Segment, segment, type TimedText, type Tone } from './line.ts';
import type { RenderContext } from './render-context.ts';
import { unwellLines } from './source-lines.ts';

/** What the header says about all tasks together. */
export interface Overview {
  readonly host: PlainText;
  /** The tasks that were not dismissed, by status. */
  readonly counts: Counts;
  /** How many of those an agent, but no person, calls completed. */
  readonly review: number;
  readonly stalled: number;
  /** How many ended while nobody was looking. */
  readonly unseen: number;
  /** When the last running task will be done; empty if nothing runs. */
  readonly done: TimedText;
}

/**
 * Something about the view itself that must not be missed, such as a frozen or filtered view. A short form is used if there
 * is little room.
 */
export interface Badge {
  readonly text: PlainText;
  readonly short: PlainText;
}

/**
 * Returns the host, the counts by status, what is unusual about the view, and when all will be done; then, as far as there
 * is room, the sources that have problems.
 */
export function headerLines(
  state: State,
  overview: Overview,
  badges: readonly Badge[],
  context: RenderContext,
  room: number,
): Line[] {
  const sources = [...state.sources.values()];
  const title = titleLine(overview, [...badges, ...downBadges(sources)], context);
  return [title, ...unwellLines(sources, context, room - 1, state.problems)];
}

function downBadges(sources: readonly SourceRecord[]): Badge[] {
  const down = sources.filter(({ status }) => status === 'down');
  const [only] = down;
  if (!only) return [];
  const text = down.length === 1 ? words`${plainName(only.id)} down` : words`${down.length} sources down`;
  return [{ text, short: words`${down.length} down` }];
}

/** Returns the title in the most detailed form that fits. */
function titleLine(overview: Overview, badges: readonly Badge[], context: RenderContext): Line {
  const name = [segment(words`taskglass`, 'strong')];
  const host = [segment(words`${overview.host}`, 'dim')];
  const counts = (style: Style) => countSegments(overview, context, style);
  const short = counts('signs');
  const full = badges.map(({ text }) => [badge(text, 'wait')]);
  const brief = badges.map((each) => [badge(each.short, 'wait')]);
  const { done } = overview;
  const titles = [
    ...STYLES.flatMap((style) => [
      spread([[...name, segment(' '), ...host], ...counts(style), ...full], '  ', done, context),
      spread([name, ...counts(style), ...full], '  ', done, context),
    ]),
    spread([name, ...short, ...full], ' ', NOTHING_SAID, context),
    spread([...short, ...full], ' ', NOTHING_SAID, context),
    spread([name, ...short, ...brief], ' ', done, context),
    spread([...short, ...brief], ' ', done, context),
  ];
  const fitting = titles.find((each) => each !== null);
  return fitting ?? cutLine(parted([...brief, ...short], ' '), context.width, context.ascii);
}

const NOTHING_SAID: TimedText = { text: words``, until: NEVER };

/** Returns the parts, and at the right edge when all will be done; null if that does not fit. */
function spread(
  parts: readonly (readonly Segment[])[],
  gap: ' ' | '  ',
  done: TimedText,
  context: RenderContext,
): Line | null {
  const left = parted(parts, gap);
  const free = context.width - widthOfAll(left) - widthOf(done.text);
  if (free < (done.text === '' ? 0 : 2)) return null;
  if (done.text === '') return line(left, done.until);
  return line([...left, segment(blanks(free)), segment(done.text, 'strong')], done.until);
}

function parted(parts: readonly (readonly Segment[])[], gap: ' ' | '  '): Segment[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [segment(gap), ...part]));
}

/** From words for every count, via words only for what is active and words only for what needs attention, to signs alone. */
const STYLES = ['words', 'active', 'urgent', 'signs'] as const;
type Style = (typeof STYLES)[number];

/** In order of importance. */
const COUNTED: readonly TaskStatus[] = [
  'needs-input',
  'failed',
  'running',
  'waiting',
  'queued',
  'completed',
  'cancelled',
];

function countSegments(
  { counts, review, stalled, unseen }: Overview,
  { ascii }: RenderContext,
  style: Style,
): Segment[][] {
  const part = (count: number, sign: PlainText, spelt: PlainText, tone: Tone, isSpelt = style !== 'signs') =>
    count === 0 ? [] : [[segment(isSpelt ? words`${sign} ${spelt}` : words`${sign}${count}`, tone)]];
  const ofStatus = (status: TaskStatus) => {
    const { text, tone } = taskGlyph(status, 0, ascii);
    const isDim = status === 'completed' || status === 'cancelled' || status === 'queued';
    const parts = part(
      counts[status],
      text,
      countedAs(status, counts[status]),
      isDim ? 'dim' : tone,
      isSpelt(status, style),
    );
    return status === 'failed' ? parts.map((each) => each.map(({ text }) => badge(text, 'bad'))) : parts;
  };
  return [
    ...COUNTED.slice(0, 3).flatMap(ofStatus),
    ...part(stalled, words`!`, words`${stalled} stalled`, 'wait'),
    ...COUNTED.slice(3, 5).flatMap(ofStatus),
    ...(review === 0 ? [] : [[segment(words`${review} ${style === 'signs' ? '' : 'for '}review`, 'ask')]]),
    ...part(unseen, signs(ascii).unseen, words`${unseen} unseen`, 'strong'),
    ...COUNTED.slice(5).flatMap(ofStatus),
  ];
}

function isSpelt(status: TaskStatus, style: Style): boolean {
  if (style === 'words' || style === 'signs') return style === 'words';
  const isUrgent = status === 'needs-input' || status === 'failed' || status === 'running';
  return isUrgent || (style === 'active' && status === 'waiting');
}

function countedAs(status: TaskStatus, count: number): PlainText {
  return status === 'completed' ? words`${count} done` : countedStatus(count, status);
}
