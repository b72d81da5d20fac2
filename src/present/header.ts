import type { Peer } from '../model/event.ts';
import { TASK_STATUSES } from '../model/task.ts';
import type { Counts } from '../store/select.ts';
import type { SourceRecord, State } from '../store/state.ts';
import { plural, statusWord } from './count.ts';
import { cut, widthOf } from './fit.ts';
import { signs, sourceGlyph, taskGlyph } from './glyphs.ts';
import {
  type Line,
  line,
  NEVER,
  type Segment,
  segment,
  type TimedText,
  type Tone,
  textLine,
} from './line.ts';
import type { Look } from './look.ts';

/** What the header tells of all tasks together. */
export interface Overview {
  readonly host: string;
  readonly counts: Counts;
  readonly stalled: number;
  /** When the last running task will be done; empty where nothing runs. */
  readonly done: TimedText;
}

/** Who and where, how many of each, when it will all be done; then the sources; then what is wrong with them. */
export function headerLines(state: State, overview: Overview, look: Look, room: number): Line[] {
  const sources = [...state.sources.values()];
  const chips = chipLines(sources, look, room > 4 ? 3 : 1);
  const problems = problemLines(sources, look, Math.max(1, room - 1 - chips.length));
  return [titleLine(overview, look), ...chips, ...problems];
}

/** As much as there is room for: first the words give way to signs, then user and host, then the name. */
function titleLine(overview: Overview, look: Look): Line {
  const name = segment('taskglass', 'strong');
  const host = segment(`  ${overview.host}`, 'dim');
  const right = overview.done.text;
  const words = countSegments(overview, look, 'words');
  const short = countSegments(overview, look, 'signs');
  const candidates: Segment[][] = [
    [name, host, segment('   '), ...words],
    [name, host, segment('   '), ...short],
    [name, segment('  '), ...words],
    [name, segment('  '), ...short],
    short,
  ];
  const rightWidth = right === '' ? 0 : widthOf(right) + 2;
  const left = candidates.find((each) => widthOfAll(each) + rightWidth <= look.width) ?? short;
  const gap = look.width - widthOfAll(left) - widthOf(right);
  return gap < 1
    ? textLine(cut(left.map((each) => each.text).join(''), look.width, look.ascii))
    : line([...left, segment(' '.repeat(gap)), segment(right, 'strong')], overview.done.until);
}

function countSegments({ counts, stalled }: Overview, { ascii }: Look, style: 'words' | 'signs'): Segment[] {
  const parts = TASK_STATUSES.filter((status) => counts[status] > 0).map((status): Segment => {
    const { text, tone } = taskGlyph(status, 0, ascii);
    const number = `${text}${style === 'words' ? ' ' : ''}${counts[status]}`;
    return segment(style === 'words' ? `${number} ${statusWord(status)}` : number, tone);
  });
  const stalls =
    stalled > 0 ? [segment(style === 'words' ? `! ${stalled} stalled` : `!${stalled}`, 'wait')] : [];
  return [...parts, ...stalls].flatMap((part, index) =>
    index === 0 ? [part] : [segment(style === 'words' ? '  ' : ' '), part],
  );
}

/** Every source with its state and delay, in at most `room` lines. */
function chipLines(sources: readonly SourceRecord[], look: Look, room: number): Line[] {
  const rows: Segment[][] = [];
  let used = 0;
  for (const [index, source] of sources.entries()) {
    const chip = chipSegments(source, look);
    const width = widthOfAll(chip);
    const last = rows.at(-1);
    const left = sources.length - index;
    const reserve = left > 1 ? `  ${left - 1} more`.length : 0;
    if (last && used + 2 + width + (rows.length === room ? reserve : 0) <= look.width) {
      last.push(segment('  '), ...chip);
      used += 2 + width;
    } else if (rows.length < room) {
      rows.push(chip);
      used = width;
    } else {
      last?.push(segment(`  ${left} more`, 'dim'));
      break;
    }
  }
  return rows.map((segments) => cutLine(segments, look));
}

function chipSegments(source: SourceRecord, { ascii }: Look): Segment[] {
  const isDegraded = source.problem !== null || source.peers.some((peer) => peer.status !== 'live');
  const glyph = sourceGlyph(source.status, isDegraded, ascii);
  return [
    segment(`${glyph.text} `, glyph.tone),
    segment(source.id),
    segment(source.status === 'live' ? '' : ` ${source.status}`, glyph.tone),
    segment(peersText(source.peers), 'dim'),
  ];
}

/** `2/3 relays 42ms`: the delay is the best one's, in whole steps, so that it does not flicker. */
function peersText(peers: readonly Peer[]): string {
  if (peers.length === 0) return '';
  const live = peers.filter((peer) => peer.status === 'live');
  const delays = live.flatMap((peer) => (peer.delayMs === null ? [] : [peer.delayMs]));
  const delay = delays.length === 0 ? '' : ` ${delayText(Math.min(...delays))}`;
  return peers.length === 1 ? delay : ` ${live.length}/${plural(peers.length, 'relay')}${delay}`;
}

/** Two digits are as fine as a delay is worth knowing. */
export function delayText(ms: number): string {
  if (ms < 1) return '<1ms';
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(ms)) - 1);
  return `${Math.round(ms / scale) * scale}ms`;
}

/** What is wrong with each source or one of its relays, a line each, in at most `room` lines. */
function problemLines(sources: readonly SourceRecord[], look: Look, room: number): Line[] {
  const said = sources.flatMap((source) => [
    ...(source.problem ? [{ where: source.id as string, problem: source.problem }] : []),
    ...source.peers.flatMap((peer) =>
      peer.problem ? [{ where: peer.where as string, problem: peer.problem }] : [],
    ),
  ]);
  const unique = said.filter(
    ({ problem }, index) => said.findIndex((other) => other.problem.message === problem.message) === index,
  );
  const shown = unique.length > room ? unique.slice(0, Math.max(1, room - 1)) : unique;
  const lines = shown.map(({ where, problem }) => {
    const tone: Tone = problem.severity === 'down' ? 'bad' : 'wait';
    const place = problem.message.includes(where) ? '' : `${where}: `;
    const hint = problem.hint ? ` ${signs(look.ascii).dot} ${problem.hint}` : '';
    return cutLine(
      [segment('! ', tone), segment(`${place}${problem.message}`, tone), segment(hint, 'dim')],
      look,
    );
  });
  const hidden = unique.length - shown.length;
  return hidden > 0 && room > 1 ? [...lines, textLine(`  ${plural(hidden, 'more problem')}`, 'dim')] : lines;
}

/** The segments in one line of the screen's width. */
export function cutLine(segments: readonly Segment[], look: Look, until: number = NEVER): Line {
  let left = look.width;
  const kept: Segment[] = [];
  for (const { text, tone } of segments) {
    const part = cut(text, left, look.ascii);
    kept.push(segment(part, tone));
    left -= widthOf(part);
    if (part !== text && widthOf(text) > widthOf(part)) break;
  }
  return line(kept, until);
}

function widthOfAll(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + widthOf(text), 0);
}
