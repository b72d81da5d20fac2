import type { Peer } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import type { SourceRecord } from '../store/state.ts';
import { plural } from './count.ts';
import { cutLine, widthOfAll } from './fit.ts';
import { signs, sourceGlyph } from './glyphs.ts';
import { type Line, type Segment, segment, type Tone, textLine } from './line.ts';
import type { RenderContext } from './render-context.ts';

/**
 * Returns the sources that have problems, in at most `room` lines: what is wrong with each, and on one line those that have
 * given no reason.
 */
export function unwellLines(
  sources: readonly SourceRecord[],
  context: RenderContext,
  room: number,
  beside: readonly Problem[] = [],
): Line[] {
  const unexplained = sources.filter((source) => isUnwell(source) && !hasProblem(source));
  const chips = chipLines(unexplained, context, Math.min(1, room));
  return [...chips, ...problemLines(sources, context, room - chips.length, beside)];
}

function isUnwell({ status, problem, peers }: SourceRecord): boolean {
  return status !== 'live' || problem !== null || peers.some((peer) => peer.status !== 'live');
}

function hasProblem({ problem, peers }: SourceRecord): boolean {
  return problem !== null || peers.some((peer) => peer.problem !== null);
}

/** Returns sources with their state and delay, in at most `room` lines. */
export function chipLines(sources: readonly SourceRecord[], context: RenderContext, room: number): Line[] {
  const rows: Segment[][] = [];
  let used = 0;
  for (const [index, source] of sources.entries()) {
    const chip = chipSegments(source, context);
    const width = widthOfAll(chip);
    const last = rows.at(-1);
    const left = sources.length - index;
    const reserve = left > 1 ? `  ${left - 1} more`.length : 0;
    if (last && used + 2 + width + (rows.length === room ? reserve : 0) <= context.width) {
      last.push(segment('  '), ...chip);
      used += 2 + width;
    } else if (rows.length < room) {
      rows.push(chip);
      used = width;
    } else {
      last?.push(segment(words`  ${left} more`, 'dim'));
      break;
    }
  }
  return rows.map((segments) => cutLine(segments, context.width, context.ascii));
}

function chipSegments(source: SourceRecord, { ascii }: RenderContext): Segment[] {
  const isDegraded = source.problem !== null || source.peers.some((peer) => peer.status !== 'live');
  const glyph = sourceGlyph(source.status, isDegraded, ascii);
  return [
    segment(words`${glyph.text} `, glyph.tone),
    segment(source.id),
    segment(source.status === 'live' ? words`` : words` ${source.status}`, glyph.tone),
    segment(source.status === 'live' && source.hasEnded ? ' ended' : '', 'dim'),
    segment(peersText(source), 'dim'),
  ];
}

/** Returns `2/3 relays 42ms`: the best relay's delay, in coarse steps so that it does not flicker. */
function peersText({ kind, peers }: { kind: string; peers: readonly Peer[] }): PlainText {
  if (peers.length === 0) return words``;
  const live = peers.filter((peer) => peer.status === 'live');
  const delays = live.flatMap((peer) => (peer.delayMs === null ? [] : [peer.delayMs]));
  const delay = delays.length === 0 ? words`` : words` ${delayText(Math.min(...delays))}`;
  return peers.length === 1
    ? delay
    : words` ${live.length}/${plural(peers.length, kind === 'nostr' ? 'relay' : 'source')}${delay}`;
}

/** Returns a delay to two digits, which is precise enough. */
function delayText(ms: number): PlainText {
  if (ms < 1) return words`<1ms`;
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(ms)) - 1);
  return words`${Math.round(ms / scale) * scale}ms`;
}

/** Returns what is wrong with each source, its relays or anything else, one line each, in at most `room` lines. */
export function problemLines(
  sources: readonly SourceRecord[],
  context: RenderContext,
  room: number,
  beside: readonly Problem[] = [],
): Line[] {
  const ofSources = sources.flatMap((source) => [
    ...(source.problem ? [{ where: plainName(source.id), problem: source.problem }] : []),
    ...source.peers.flatMap(({ where, problem }) => (problem ? [{ where: plainName(where), problem }] : [])),
  ]);
  const said = [...ofSources, ...beside.map((problem) => ({ where: words``, problem }))];
  // A source with a single relay that is down repeats what the relay itself reports.
  const unique = said.filter(
    ({ problem }, at) => said.findIndex((other) => other.problem.message.includes(problem.message)) === at,
  );
  const shown = unique
    .slice(0, unique.length > room ? Math.max(1, room - 1) : room)
    .slice(0, Math.max(0, room));
  const lines = shown.map(({ where, problem }) => {
    const tone: Tone = problem.severity === 'down' ? 'bad' : 'wait';
    const place = problem.message.includes(where) ? '' : words`${where}: `;
    const hint = problem.hint ? words` ${signs(context.ascii).dot} ${problem.hint}` : words``;
    return cutLine(
      [segment(words`! ${place}${problem.message}`, tone), segment(hint, 'dim')],
      context.width,
      context.ascii,
    );
  });
  const hidden = unique.length - shown.length;
  return hidden > 0 && room > 1
    ? [...lines, textLine(words`  ${plural(hidden, 'more problem')}`, 'dim')]
    : lines;
}
