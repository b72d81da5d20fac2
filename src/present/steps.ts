import type { Step, Task } from '../model/task.ts';
import type { TaskEntry } from '../store/state.ts';
import { type Columns, ROW_LEAD } from './columns.ts';
import { plural } from './count.ts';
import { durationText, elapsedText } from './duration.ts';
import { alignLeft, alignRight } from './fit.ts';
import { bar, stepGlyph } from './glyphs.ts';
import { type Line, line, NEVER, segment, type TimedText, type Tone, textLine } from './line.ts';
import type { Look } from './look.ts';
import { cell, percentText } from './row.ts';

/** Which steps are shown where there is not room for all: the current one and those next to it. */
export interface StepWindow {
  readonly from: number;
  readonly to: number;
}

/** How many lines `stepRows` gives for a task, at most `room`. */
export function stepRowCount(task: Task, room: number): number {
  return Math.min(task.steps.length, room);
}

/** A task's steps below its row, in the same columns, at most `room` lines; what is left out is counted. */
export function stepRows(entry: TaskEntry, columns: Columns, look: Look, room: number): Line[] {
  const { steps } = entry.task;
  if (room <= 0) return [];
  const { from, to } = stepWindow(entry.task, room);
  const rows = steps.slice(from, to).map((step) => stepRow(step, entry, columns, look));
  const hidden = steps.length - rows.length;
  if (hidden === 0 || room < 2) return rows;
  const words =
    from === 0 ? plural(hidden, 'more step') : `${hidden} of ${plural(steps.length, 'step')} not shown`;
  return [
    ...rows,
    textLine(alignLeft(`${' '.repeat(ROW_LEAD + 2)}${words}`, look.width, look.ascii).trimEnd(), 'dim'),
  ];
}

function stepWindow(task: Task, room: number): StepWindow {
  const count = task.steps.length;
  if (count <= room) return { from: 0, to: count };
  const shown = room < 2 ? room : room - 1;
  const current = task.steps.findLastIndex((step) => step.status !== 'pending');
  const from = Math.min(Math.max(0, current - Math.floor((shown - 1) / 2)), count - shown);
  return { from, to: from + shown };
}

function stepRow(step: Step, entry: TaskEntry, columns: Columns, look: Look): Line {
  const isRunning = step.status === 'running';
  const glyph = stepGlyph(step.status, entry.newsCount, look.ascii);
  const progress = isRunning ? step.progress : null;
  const took = stepDuration(step, look.nowMs);
  const behind = columns.steps + columns.step + (columns.steps > 0 ? 1 : 0) + (columns.step > 0 ? 1 : 0);
  return line(
    [
      segment(' '.repeat(ROW_LEAD)),
      segment(`${glyph.text} `, glyph.tone),
      segment(alignLeft(step.name, Math.max(1, columns.name - 2), look.ascii), stepTone(step)),
      cell(progress === null ? '' : bar(progress, columns.bar, look.ascii), columns.bar, 'busy'),
      cell(alignRight(percentText(progress), columns.percent), columns.percent),
      segment(' '.repeat(behind)),
      cell(alignRight(took.text, columns.eta), columns.eta, 'dim'),
    ],
    took.until,
  );
}

export function stepTone({ status }: Step): Tone {
  if (status === 'running') return 'plain';
  return status === 'failed' ? 'bad' : 'dim';
}

/** How long a step took, or has been at it. */
export function stepDuration({ status, startedAt, endedAt }: Step, nowMs: number): TimedText {
  if (startedAt === null || status === 'pending') return { text: '', until: NEVER };
  if (status === 'running') return elapsedText(startedAt, nowMs);
  return { text: endedAt === null ? '' : durationText(Math.max(0, endedAt - startedAt)), until: NEVER };
}
