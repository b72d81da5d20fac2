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

/** A task's steps below its row, in the same columns, at most `room` lines; what is left out is counted. */
export function stepRows(entry: TaskEntry, columns: Columns, look: Look, room: number): Line[] {
  const { steps } = entry.task;
  if (room <= 0) return [];
  if (steps.length <= room) return steps.map((step) => stepRow(step, entry, columns, look, ''));

  const fitsBeside = columns.step >= MORE_STEPS_WIDTH;
  const shown = fitsBeside || room === 1 ? room : room - 1;
  const from = firstShown(entry.task, shown);
  const more = plural(steps.length - shown, 'more step');
  const rows = steps.slice(from, from + shown).map((step, index) => {
    const isLast = index === shown - 1;
    return stepRow(step, entry, columns, look, isLast && fitsBeside ? more : '');
  });
  return rows.length < room ? [...rows, textLine(`${' '.repeat(ROW_LEAD + 2)}${more}`, 'dim')] : rows;
}

/** `99 more steps` and a bit. */
const MORE_STEPS_WIDTH = 16;

/** Keeps the current step in sight, with what is before and after it. */
function firstShown(task: Task, shown: number): number {
  const running = task.steps.findIndex((step) => step.status === 'running');
  const current = running >= 0 ? running : task.steps.findLastIndex((step) => step.status !== 'pending');
  return Math.min(Math.max(0, current - Math.floor((shown - 1) / 2)), task.steps.length - shown);
}

function stepRow(step: Step, entry: TaskEntry, columns: Columns, look: Look, beside: string): Line {
  const isRunning = step.status === 'running';
  const glyph = stepGlyph(step.status, entry.newsCount, look.ascii);
  const progress = isRunning ? step.progress : null;
  const took = stepDuration(step, look.nowMs);
  return line(
    [
      segment(' '.repeat(ROW_LEAD)),
      segment(`${glyph.text} `, glyph.tone),
      segment(alignLeft(step.name, Math.max(1, columns.name - 2), look.ascii), stepTone(step)),
      cell(progress === null ? '' : bar(progress, columns.bar, look.ascii), columns.bar, 'busy'),
      cell(alignRight(percentText(progress), columns.percent), columns.percent),
      cell('', columns.steps),
      cell(beside, columns.step, 'dim'),
      cell(alignRight(took.text, columns.eta), columns.eta, 'dim'),
    ],
    took.until,
  );
}

export function stepTone({ status }: Step): Tone {
  if (status === 'running') return 'plain';
  return status === 'failed' ? 'bad' : 'dim';
}

/** How long a step took, or has been at it; what has just begun has no time to show yet. */
export function stepDuration({ status, startedAt, endedAt }: Step, nowMs: number): TimedText {
  if (startedAt === null || status === 'pending') return { text: '', until: NEVER };
  if (status === 'running') {
    const { text, until } = elapsedText(startedAt, nowMs);
    return { text: text === '0s' ? '' : text, until };
  }
  return { text: endedAt === null ? '' : durationText(Math.max(0, endedAt - startedAt)), until: NEVER };
}
