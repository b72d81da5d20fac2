import { overallProgress } from '../model/progress.ts';
import { endedAtOf, hasEnded, isOwnOnlyStep, type Task } from '../model/task.ts';
import { joined, type PlainText, words } from '../model/text.ts';
import { type Silence, silenceOf, stallsAt } from '../store/stall.ts';
import type { TaskEntry } from '../store/state.ts';
import { type Columns, ROW_LEAD, spanOf } from './columns.ts';
import { agoText, durationText, shortElapsedText } from './duration.ts';
import { etaText } from './eta.ts';
import { alignLeft, alignRight, blanks, widthOf } from './fit.ts';
import { barParts, signs, taskGlyph } from './glyphs.ts';
import {
  type Line,
  line,
  NEVER,
  type Segment,
  segment,
  type TimedText,
  type Tone,
  textLine,
  withLook,
} from './line.ts';
import { nowText } from './now.ts';
import type { RenderContext } from './render-context.ts';

/** How a row stands among the others. */
export interface RowLook {
  readonly isSelected: boolean;
  /** It ended while nobody looked. */
  readonly isUnseen: boolean;
  /** A person has marked it. */
  readonly isMarked?: boolean;
  /** It is over, and needs nobody. */
  readonly isSettled: boolean;
}

/**
 * Returns a task in one line, as wide as the screen: sign, name, where it runs, what it does now, bar, percent, how long
 * it has been running, when it will be done.
 */
export function taskRow(entry: TaskEntry, columns: Columns, context: RenderContext, look: RowLook): Line {
  const { task } = entry;
  const { ascii } = context;
  const silence = silenceOf(entry, context.nowMs, context.stallAfterMs);
  const glyph = taskGlyph(task.state.status, entry.newsCount, ascii);
  const figures = figuresOf(entry, silence, columns, context);
  const width = nowWidth(figures, columns);
  const now = nowText(entry, silence, context, width);
  const isSaid = columns.now > 0 || figures.cells.length === 0;
  const needsSomebody = !look.isSettled && isCalling(task);
  const text = (words: PlainText, room: number, tone: Tone) => segment(alignLeft(words, room, ascii), tone);

  const cells = [
    [text(task.name, columns.name, needsSomebody ? 'strong' : 'plain')],
    ...(columns.host > 0 ? [[text(task.host ?? words``, columns.host, 'dim')]] : []),
    ...(columns.source > 0 ? [[text(task.source, columns.source, 'dim')]] : []),
    ...(width > 0 ? [[text(isSaid ? now.text : words``, width, look.isSettled ? 'plain' : now.tone)]] : []),
    ...figures.cells,
  ];
  const lead = [leadOf(look, ascii), segment(words`${glyph.text} `, silence ? 'wait' : glyph.tone)];
  const segments = [...lead, ...withGaps(cells, columns.gap)];
  const until = Math.min(now.until, figures.until, stalls(entry, context));
  return line(dressed(segments, look, needsSomebody ? glyph.tone : 'strong'), until);
}

function leadOf({ isSelected, isUnseen, isMarked }: RowLook, ascii: boolean): Segment {
  const { marker, unseen, marked } = signs(ascii);
  if (isMarked) return segment(words`${marked} `, 'strong');
  if (isSelected) return segment(words`${marker} `);
  return isUnseen ? segment(words`${unseen} `, 'strong') : segment('  ');
}

/** The selection fills its line in one tone; what is over is faint as a whole. */
function dressed(segments: readonly Segment[], look: RowLook, tone: Tone): readonly Segment[] {
  if (look.isSelected) return segments.map(({ text }) => ({ text, tone, look: 'reverse' }));
  return look.isSettled ? withLook(segments, 'faint') : segments;
}

/** Tells whether a person has to do something about a task, as far as the task itself knows. */
function isCalling({ state, review }: Task): boolean {
  return state.status === 'failed' || state.status === 'needs-input' || review === true;
}

/** Puts the gap before each cell but the first. */
export function withGaps(cells: readonly (readonly Segment[])[], gap: number): Segment[] {
  return cells.flatMap((cell, index) => (index === 0 ? cell : [segment(blanks(gap)), ...cell]));
}

/** The cells of a row behind what the task does now, and how wide they are with their gaps. */
interface Figures {
  readonly cells: readonly (readonly Segment[])[];
  readonly width: number;
  readonly until: number;
}

function figuresOf(
  entry: TaskEntry,
  silence: Silence | null,
  columns: Columns,
  context: RenderContext,
): Figures {
  const { task } = entry;
  const progress = shownProgress(task);
  const times = timesOf(entry, silence, columns, context);
  const { status } = task.state;
  // Narrow rows say of what has ended only how long ago that was.
  const isUntold = status === 'completed' || (columns.elapsed === 0 && hasEnded(status));
  const percent = isUntold ? words`` : percentText(progress);
  if (columns.now === 0 && saysMoreThanFigures(entry, silence)) return { cells: [], width: 0, until: NEVER };
  // What is silent says so in full, where a bar would take its place.
  const hasRoom = silence === null || columns.now >= SILENCE_WIDTH;
  const barCells =
    progress !== null && columns.bar > 0 && hasRoom && !hasEnded(status)
      ? [barCell(progress, columns.bar, context.ascii)]
      : [];
  const hasPercent = barCells.length > 0 || percent !== '';
  const cells = [
    ...barCells,
    ...(hasPercent ? [[segment(alignRight(percent, columns.percent))]] : []),
    ...times.cells,
  ];
  const kept = times.cells.length === 0 && cells.length > 0 ? [...cells, noTimes(columns)] : cells;
  const width = kept.flat().reduce((sum, { text }) => sum + widthOf(text), 0);
  return { cells: kept, width: width + columns.gap * kept.length, until: times.until };
}

/** `silent 4m, usual gap 20s`, and a bit. */
const SILENCE_WIDTH = 26;

function noTimes(columns: Columns): Segment[] {
  return [segment(blanks(spanOf(columns, ['elapsed', 'left'])))];
}

/** In a narrow list, words and figures share one place. */
function saysMoreThanFigures(entry: TaskEntry, silence: Silence | null): boolean {
  const { status } = entry.task.state;
  const isTold = ['running', 'completed', 'cancelled'].includes(status);
  return silence !== null || entry.pending !== null || entry.task.review === true || !isTold;
}

/** Returns how much room is left for what the task does now: all that no figure takes. */
function nowWidth(figures: Figures, columns: Columns): number {
  return Math.max(0, spanOf(columns, ['now', 'bar', 'percent', 'elapsed', 'left']) - figures.width);
}

/** Returns the heads of the columns. */
export function headingRow(columns: Columns, { ascii }: RenderContext): Line {
  const left = (title: PlainText, width: number) => (width > 0 ? [alignLeft(title, width, ascii)] : []);
  const right = (title: PlainText, width: number) => (width > 0 ? [alignRight(title, width, ascii)] : []);
  const titles = [
    ...left(words`TASK`, columns.name),
    ...left(words`HOST`, columns.host),
    ...left(words`SOURCE`, columns.source),
    ...left(words`NOW`, columns.now),
    ...left(words`PROGRESS`, columns.bar),
    ...right(words`%`, columns.percent),
    ...right(words`FOR`, columns.elapsed),
    ...right(words`LEFT`, columns.left),
  ];
  return textLine(words`${blanks(ROW_LEAD)}${joined(titles, blanks(columns.gap))}`, 'dim');
}

export function barCell(progress: number, width: number, ascii: boolean): Segment[] {
  const [done, open] = barParts(progress, width, ascii);
  return [segment(done, 'busy'), segment(open, 'dim')];
}

/** Returns how long it runs and when it will be done; of what has ended, how long it took and how long ago that was. */
function timesOf(
  entry: TaskEntry,
  silence: Silence | null,
  columns: Columns,
  context: RenderContext,
): { readonly cells: readonly (readonly Segment[])[]; readonly until: number } {
  const { task } = entry;
  if (hasEnded(task.state.status)) {
    const room = spanOf(columns, columns.elapsed > 0 ? ['elapsed', 'left'] : ['percent', 'left']);
    const over = overText(entry, context, room);
    return { cells: over.text === '' ? [] : [[segment(alignRight(over.text, room))]], until: over.until };
  }
  const elapsed = elapsedOf(task, context.nowMs);
  const eta =
    task.state.status === 'running' && !silence
      ? etaText(context.estimate(task.id, context.nowMs), context, columns.left)
      : { text: words``, until: NEVER };
  const until = Math.min(eta.until, columns.elapsed > 0 ? elapsed.until : NEVER);
  if (eta.text === '' && (columns.elapsed === 0 || elapsed.text === '')) return { cells: [], until };
  const cells = [
    ...(columns.elapsed > 0 ? [[segment(alignRight(elapsed.text, columns.elapsed))]] : []),
    [segment(alignRight(eta.text, columns.left, context.ascii))],
  ];
  return { cells, until };
}

/** Returns how long a task runs, or waits for an answer; nothing where it does neither. */
function elapsedOf({ state, startedAt, question }: Task, nowMs: number): TimedText {
  const since =
    state.status === 'running' ? startedAt : state.status === 'needs-input' ? question?.askedAt : null;
  return typeof since === 'number' ? shortElapsedText(since, nowMs) : { text: words``, until: NEVER };
}

/** Returns `took 18s · 2m ago` in at most `room` columns. */
function overText({ task, seenEndingAt }: TaskEntry, context: RenderContext, room: number): TimedText {
  const endedAt = endedAtOf(task) ?? seenEndingAt;
  if (endedAt === null) return { text: words``, until: NEVER };
  const ago = agoText(endedAt, context.nowMs);
  if (task.startedAt === null || endedAt < task.startedAt) return ago;
  const took = durationText(endedAt - task.startedAt);
  const { dot } = signs(context.ascii);
  const texts = [words`took ${took} ${dot} ${ago.text}`, words`${took} ${dot} ${ago.text}`];
  return { text: texts.find((text) => text.length <= room) ?? ago.text, until: ago.until };
}

/**
 * Returns the progress to show. What is one step without a figure is not at 0: nothing is known of it. The same goes for
 * what has not begun.
 */
export function shownProgress(task: Task): number | null {
  const progress = overallProgress(task);
  if (task.state.status === 'completed' || progress !== 0) return progress;
  const isCounted = task.steps.some((step) => step.progress !== null) || task.reportedProgress !== null;
  if (isOwnOnlyStep(task) && !isCounted) return null;
  return task.state.status === 'running' || hasEnded(task.state.status) ? progress : null;
}

/** Returns a percentage, rounded down so that only a whole task reads 100%. */
export function percentText(progress: number | null): PlainText {
  return progress === null ? words`` : words`${Math.floor(progress)}%`;
}

function stalls(entry: TaskEntry, context: RenderContext): number {
  const at = stallsAt(entry, context.stallAfterMs);
  return at !== null && at >= context.nowMs ? at + 1 : NEVER;
}
