import { overallProgress } from '../model/progress.ts';
import { hasEnded, isOwnOnlyStep, type Task } from '../model/task.ts';
import { joined, type PlainText, words } from '../model/text.ts';
import { type Silence, silenceOf, stallsAt } from '../store/stall.ts';
import type { TaskEntry } from '../store/state.ts';
import { type Columns, PARTS, ROW_LEAD, spanOf } from './columns.ts';
import { alignLeft, alignRight, blanks, widthOf } from './fit.ts';
import { barParts, signs, taskGlyph } from './glyphs.ts';
import { type Line, line, NEVER, type Segment, segment, type Tone, textLine, withLook } from './line.ts';
import { nowText } from './now.ts';
import type { RenderContext } from './render-context.ts';
import { timesOf } from './row-times.ts';

/** The state of a row among the others. */
export interface RowLook {
  readonly isSelected: boolean;
  /** Whether it ended while nobody was looking. */
  readonly isUnseen: boolean;
  /** Whether a person has marked it. */
  readonly isMarked?: boolean;
  /** Whether notifications of it are muted. */
  readonly isMuted?: boolean;
  /** Whether it is over and needs nobody. */
  readonly isSettled: boolean;
}

/**
 * Returns a task in one line, as wide as the screen: sign, name, where it runs, what it is doing, bar, percentage, how long
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
  const needsSomebody = !look.isSettled && needsPerson(task);
  const texts: TextCell[] = [
    { text: task.name, width: columns.name, tone: needsSomebody ? 'strong' : 'plain' },
    { text: task.host ?? words``, width: columns.host, tone: 'dim' },
    { text: task.source, width: columns.source, tone: 'dim' },
    { text: isSaid ? now.text : words``, width, tone: look.isSettled ? 'plain' : now.tone },
  ];
  const cells = [
    ...withRoom(texts, columns.gap).map((cell) => [
      segment(alignLeft(cell.text, cell.width, ascii), cell.tone),
    ]),
    ...figures.cells,
  ];
  const lead = [leadOf(look, ascii), segment(words`${glyph.text} `, silence ? 'wait' : glyph.tone)];
  const segments = [...lead, ...withGaps(cells, columns.gap)];
  const until = Math.min(now.until, figures.until, stalls(entry, context));
  return line(styled(segments, look, needsSomebody ? glyph.tone : 'strong'), until);
}

/** A text in its column. */
interface TextCell {
  readonly text: PlainText;
  readonly width: number;
  readonly tone: Tone;
}

/** Leaves out columns without width, and gives the name the room of the empty columns after it. */
function withRoom(cells: readonly TextCell[], gap: number): TextCell[] {
  const [name, ...others] = cells.filter(({ width }) => width > 0);
  if (!name) return [];
  const next = others.findIndex(({ text }) => text !== '');
  const empty = next < 0 ? others : others.slice(0, next);
  const width = empty.reduce((sum, cell) => sum + gap + cell.width, name.width);
  return [{ ...name, width }, ...others.slice(empty.length)];
}

/**
 * Returns two columns, so that no mark hides another: one for the selection or a mark, one for unseen endings and muted
 * tasks.
 */
function leadOf({ isSelected, isUnseen, isMarked, isMuted }: RowLook, ascii: boolean): Segment {
  const { marker, unseen, marked, muted } = signs(ascii);
  const first = isMarked ? marked : isSelected ? marker : ' ';
  const second = isUnseen ? unseen : isMuted ? muted : ' ';
  const tone = isMarked || isUnseen ? 'strong' : isMuted ? 'dim' : 'plain';
  return segment(words`${first}${second}`, tone);
}

/** Styles a row: the selection fills its line in one tone, and what is over is faint as a whole. */
function styled(segments: readonly Segment[], look: RowLook, tone: Tone): readonly Segment[] {
  if (look.isSelected) return segments.map(({ text }) => ({ text, tone, look: 'reverse' }));
  return look.isSettled ? withLook(segments, 'faint') : segments;
}

/** Tells whether a person has to do something about a task, as far as the task itself knows. */
function needsPerson({ state, review }: Task): boolean {
  return state.status === 'failed' || state.status === 'needs-input' || review === true;
}

/** Puts the gap before each cell except the first. */
export function withGaps(cells: readonly (readonly Segment[])[], gap: number): Segment[] {
  return cells.flatMap((cell, index) => (index === 0 ? cell : [segment(blanks(gap)), ...cell]));
}

/** The cells after what the task is doing, and their width including the gaps. */
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
  // For an ended task, narrow rows only say how long ago it ended.
  const isUntold = status === 'completed' || (columns.elapsed === 0 && hasEnded(status));
  const percent = isUntold ? words`` : percentText(progress);
  if (columns.now === 0 && saysMoreThanFigures(entry, silence)) return { cells: [], width: 0, until: NEVER };
  // A silence is written in full, so that it may take the place of the bar.
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

/** The width of `silent 4m, usual gap 20s`, and some more. */
const SILENCE_WIDTH = 26;

function noTimes(columns: Columns): Segment[] {
  return [segment(blanks(spanOf(columns, PARTS.times)))];
}

/** Tells whether words say more than figures: in a narrow list, they share one place. */
function saysMoreThanFigures(entry: TaskEntry, silence: Silence | null): boolean {
  const { status } = entry.task.state;
  const isTold = ['running', 'completed', 'cancelled'].includes(status);
  return silence !== null || entry.pending !== null || entry.task.review === true || !isTold;
}

/** Returns the room for what the task is doing: everything that the figures leave. */
function nowWidth(figures: Figures, columns: Columns): number {
  return Math.max(0, spanOf(columns, [...PARTS.now, ...PARTS.figures, ...PARTS.times]) - figures.width);
}

/** Returns the column titles. */
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

/**
 * Returns the progress to show. A single step without a figure is not at 0: its progress is unknown. The same applies to a
 * task that has not begun.
 */
export function shownProgress(task: Task): number | null {
  const progress = overallProgress(task);
  if (task.state.status === 'completed' || progress !== 0) return progress;
  const isCounted = task.steps.some((step) => step.progress !== null) || task.reportedProgress !== null;
  if (isOwnOnlyStep(task) && !isCounted) return null;
  return task.state.status === 'running' || hasEnded(task.state.status) ? progress : null;
}

/** Returns a percentage, rounded down so that only a finished task reads 100%. */
export function percentText(progress: number | null): PlainText {
  return progress === null ? words`` : words`${Math.floor(progress)}%`;
}

function stalls(entry: TaskEntry, context: RenderContext): number {
  const at = stallsAt(entry, context.stallAfterMs);
  return at !== null && at >= context.nowMs ? at + 1 : NEVER;
}
