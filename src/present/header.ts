import { TASK_STATUSES } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import type { Counts } from '../store/select.ts';
import type { State } from '../store/state.ts';
import { statusWord } from './count.ts';
import { blanks, cutLine, widthOf, widthOfAll } from './fit.ts';
import { taskGlyph } from './glyphs.ts';
import { type Line, line, type Segment, segment, type TimedText } from './line.ts';
import type { RenderContext } from './render-context.ts';
import { chipLines, problemLines } from './source-lines.ts';

/** What the header tells of all tasks together. */
export interface Overview {
  readonly host: PlainText;
  readonly counts: Counts;
  readonly stalled: number;
  /** When the last running task will be done; empty if nothing runs. */
  readonly done: TimedText;
}

/**
 * Returns who and where, how many of each status, and when all will be done; then the sources; then, as far as there is
 * room, what is wrong with them.
 */
export function headerLines(state: State, overview: Overview, context: RenderContext, room: number): Line[] {
  const sources = [...state.sources.values()];
  const isRoomy = room > 4;
  const title = titleLines(overview, context, isRoomy);
  const chips = chipLines(sources, context, isRoomy ? 3 : 1);
  return [
    ...title,
    ...chips,
    ...problemLines(sources, context, room - title.length - chips.length, state.problems),
  ];
}

/**
 * Returns the title. With room, the counts have a line of their own, so that nothing jumps when a number grows.
 * Without, they are signs beside the name.
 */
function titleLines(overview: Overview, context: RenderContext, isRoomy: boolean): Line[] {
  const name = segment(words`taskglass`, 'strong');
  const host = segment(words`  ${overview.host}`, 'dim');
  const counted = countSegments(overview, context, 'words');
  const short = countSegments(overview, context, 'signs');
  const gap = segment('   ');

  const titles = isRoomy
    ? [[name, host], [name]]
    : [[name, host, gap, ...short], [name, gap, ...short], short];
  const fitting = titles.map((segments) => spread(segments, overview, context)).find((each) => each !== null);
  const title = fitting ?? cutLine(isRoomy ? [name] : short, context.width, context.ascii);
  if (!isRoomy || counted.length === 0) return [title];
  const counts = widthOfAll(counted) <= context.width ? counted : short;
  return [title, cutLine(counts, context.width, context.ascii)];
}

/** Returns `left`, and at the far right when all will be done; null if that does not fit. */
function spread(left: readonly Segment[], { done }: Overview, context: RenderContext): Line | null {
  const gap = context.width - widthOfAll(left) - widthOf(done.text);
  if (gap < (done.text === '' ? 0 : 2)) return null;
  return line(
    [...left, segment(done.text === '' ? words`` : blanks(gap)), segment(done.text, 'strong')],
    done.until,
  );
}

function countSegments(
  { counts, stalled }: Overview,
  { ascii }: RenderContext,
  style: 'words' | 'signs',
): Segment[] {
  const parts = TASK_STATUSES.filter((status) => counts[status] > 0).map((status): Segment => {
    const { text, tone } = taskGlyph(status, 0, ascii);
    const number = words`${text}${style === 'words' ? ' ' : ''}${counts[status]}`;
    return segment(style === 'words' ? words`${number} ${statusWord(status)}` : number, tone);
  });
  const stalls =
    stalled > 0 ? [segment(words`${style === 'words' ? '! ' : ''}${stalled} stalled`, 'wait')] : [];
  const gap = segment(style === 'words' ? '  ' : ' ');
  return [...parts, ...stalls].flatMap((part, index) => (index === 0 ? [part] : [gap, part]));
}
