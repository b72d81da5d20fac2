import { endedAtOf, hasEnded, type Step, type Task } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import type { TaskEntry } from '../store/state.ts';
import { type Columns, PARTS, ROW_LEAD, spanOf } from './columns.ts';
import { plural } from './count.ts';
import { durationText, elapsedText } from './duration.ts';
import { alignLeft, alignRight, blanks } from './fit.ts';
import { type Glyph, stepGlyph, taskGlyph } from './glyphs.ts';
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
import type { RenderContext } from './render-context.ts';
import { barCell, percentText, withGaps } from './row.ts';

/**
 * Returns a task's steps as rows below its own, in the same columns, in at most `room` lines; a line counts what is left
 * out.
 */
export function stepRows(entry: TaskEntry, columns: Columns, context: RenderContext, room: number): Line[] {
  const { steps } = entry.task;
  if (room <= 0) return [];
  if (steps.length <= room) return steps.map((step) => stepRow(step, entry, columns, context, words``));

  const fitsBeside = columns.now >= MORE_STEPS_WIDTH;
  const shown = fitsBeside || room === 1 ? room : room - 1;
  const from = firstShown(entry.task, shown);
  const more = plural(steps.length - shown, 'more step');
  const rows = steps.slice(from, from + shown).map((step, index) => {
    const isLast = index === shown - 1;
    return stepRow(step, entry, columns, context, isLast && fitsBeside ? more : words``);
  });
  return rows.length < room ? [...rows, textLine(words`${blanks(ROW_LEAD + 2)}${more}`, 'dim')] : rows;
}

/** The width of `99 more steps`, and some more. */
const MORE_STEPS_WIDTH = 16;

/** Keeps the current step visible, with those before and after it. */
function firstShown(task: Task, shown: number): number {
  const running = task.steps.findIndex((step) => step.status === 'running');
  const current = running >= 0 ? running : task.steps.findLastIndex((step) => step.status !== 'pending');
  return Math.min(Math.max(0, current - Math.floor((shown - 1) / 2)), task.steps.length - shown);
}

function stepRow(
  step: Step,
  entry: TaskEntry,
  columns: Columns,
  context: RenderContext,
  beside: PlainText,
): Line {
  const glyph = glyphOfStep(step, entry, context.ascii);
  const progress = step.status === 'running' ? step.progress : null;
  const took = stepDuration(step, entry.task, context.nowMs);
  const time = spanOf(columns, columns.elapsed > 0 ? ['elapsed'] : ['left']);
  const isPlain = progress === null;
  const figures = spanOf(columns, PARTS.figures);
  const name = Math.max(1, spanOf(columns, PARTS.name) - 2);
  // A step without figures leaves its row empty, so its name may use that room.
  const isAlone = isPlain && beside === '' && columns.now > 0;
  const now = spanOf(columns, isPlain ? [...PARTS.now, ...PARTS.figures] : PARTS.now);
  const cells = [
    [segment(alignLeft(step.name, isAlone ? name + columns.gap + now : name, context.ascii), stepTone(step))],
    ...(isAlone || columns.now === 0 ? [] : [[segment(alignLeft(beside, now), 'dim')]]),
    ...(isPlain && columns.now > 0 ? [] : [figureCell(progress, columns, context, figures)]),
    [segment(alignRight(took.text, time), 'dim')],
  ];
  return line(
    [segment(blanks(ROW_LEAD)), segment(words`${glyph.text} `, glyph.tone), ...withGaps(cells, columns.gap)],
    took.until,
  );
}

/** Returns the bar and percentage of a step, in `width` columns. */
function figureCell(
  progress: number | null,
  columns: Columns,
  context: RenderContext,
  width: number,
): Segment[] {
  if (progress === null) return [segment(blanks(width))];
  const percent = segment(alignRight(percentText(progress), columns.percent));
  if (columns.bar === 0) return [percent];
  return [...barCell(progress, columns.bar, context.ascii), segment(blanks(columns.gap)), percent];
}

/** Returns a step's sign. A running step whose task has ended gets the task's sign, because nothing is moving any more. */
export function glyphOfStep({ status }: Step, { task, newsCount }: TaskEntry, ascii: boolean): Glyph {
  return status === 'running' && hasEnded(task.state.status)
    ? taskGlyph(task.state.status, newsCount, ascii)
    : stepGlyph(status, newsCount, ascii);
}

export function stepTone({ status }: Step): Tone {
  if (status === 'running') return 'plain';
  return status === 'failed' ? 'bad' : 'dim';
}

/** Returns how long a step took, or has been running. A step that has just begun shows no time yet. */
export function stepDuration(step: Step, task: Task, nowMs: number): TimedText {
  const { status, startedAt } = step;
  const endedAt = step.endedAt ?? (status === 'running' ? endedAtOf(task) : null);
  if (startedAt === null || status === 'pending') return { text: words``, until: NEVER };
  if (status === 'running' && !hasEnded(task.state.status)) {
    const { text, until } = elapsedText(startedAt, nowMs);
    return { text: text === '0s' ? words`` : text, until };
  }
  return { text: endedAt === null ? words`` : durationText(Math.max(0, endedAt - startedAt)), until: NEVER };
}
