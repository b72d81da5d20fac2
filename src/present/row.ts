import { overallProgress } from '../model/progress.ts';
import {
  currentStep,
  endedAtOf,
  hasEnded,
  isOwnOnlyStep,
  reasonOf,
  stepNumber,
  type Task,
} from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import { type Silence, silenceOf, stallsAt } from '../store/stall.ts';
import type { TaskEntry } from '../store/state.ts';
import { type Columns, spanOf } from './columns.ts';
import { ladderText } from './command.ts';
import { durationText, elapsedText } from './duration.ts';
import { etaText } from './eta.ts';
import { alignLeft, alignRight, widthOf } from './fit.ts';
import { bar, signs, taskGlyph } from './glyphs.ts';
import { type Line, line, NEVER, type Segment, segment, type TimedText, type Tone } from './line.ts';
import { shortReason } from './reason.ts';
import type { RenderContext } from './render-context.ts';

/** Returns a task in one line: sign, name, bar, percent, steps, what it does now, when it will be done, source. */
export function taskRow(
  entry: TaskEntry,
  columns: Columns,
  context: RenderContext,
  isSelected: boolean,
): Line {
  const { task } = entry;
  const silence = silenceOf(entry, context.nowMs, context.stallAfterMs);
  const glyph = taskGlyph(task.state.status, entry.newsCount, context.ascii);
  const progress = shownProgress(task);
  const stepCount = stepCountText(task);
  const hasFigures = progress !== null || stepCount !== '';
  const span = columns.step > 0 ? spanOf(columns) : 0;
  const end = endText(task, silence, columns, context);
  // Of a task that goes nowhere there is no end to tell: its words may take that place. One that runs may get one yet.
  const isStill =
    columns.step > 0 && end.text === '' && (silence !== null || task.state.status !== 'running');
  const beyond = isStill ? 1 + columns.eta : 0;
  const width = (hasFigures || span === 0 ? columns.step : span) + beyond;
  const now = nowText(entry, silence, context, width);

  const figures = [
    cell(progress === null ? words`` : bar(progress, columns.bar, context.ascii), columns.bar, glyph.tone),
    cell(alignRight(percentText(progress), columns.percent), columns.percent),
    cell(alignRight(stepCount, columns.steps, context.ascii), columns.steps),
  ];

  return line(
    [
      segment(
        isSelected ? words`${signs(context.ascii).marker} ` : words`  `,
        isSelected ? 'strong' : 'plain',
      ),
      segment(words`${glyph.text} `, silence ? 'wait' : glyph.tone),
      segment(alignLeft(task.name, columns.name, context.ascii), nameTone(task, isSelected)),
      ...(hasFigures || span === 0 ? figures : []),
      cell(alignLeft(now.text, width, context.ascii), width, now.tone),
      ...(isStill ? [] : [cell(alignRight(end.text, columns.eta, context.ascii), columns.eta)]),
      cell(alignLeft(task.source, columns.source, context.ascii), columns.source, 'dim'),
    ],
    Math.min(now.until, end.until, stalls(entry, context)),
  );
}

/**
 * Returns the progress to show. A command that failed without a figure gets none: a bar at 0 would say that it did
 * nothing.
 */
export function shownProgress(task: Task): number | null {
  const isUnknown = task.state.status === 'failed' && isOwnOnlyStep(task) && task.reportedProgress === null;
  return isUnknown ? null : overallProgress(task);
}

function stepText(task: Task): PlainText {
  return isOwnOnlyStep(task) ? words`` : (currentStep(task)?.name ?? words``);
}

/** Returns a part of a row with the blank before it; nothing if the column was left out. */
export function cell(text: PlainText, width: number, tone: Tone = 'plain'): Segment {
  return segment(
    width === 0 ? words`` : words` ${alignLeft(text, width)}`,
    text.trim() === '' ? 'plain' : tone,
  );
}

/** Returns a percentage, rounded down so that only a whole task reads 100%. */
export function percentText(progress: number | null): PlainText {
  return progress === null ? words`` : words`${Math.floor(progress)}%`;
}

/** Returns `silent 4m, usual gap 20s`; without the usual gap if that is wider than `width`. */
export function silenceText(
  { usualGapMs }: Silence,
  lastNewsAt: number,
  nowMs: number,
  width = Number.POSITIVE_INFINITY,
): TimedText {
  const { text, until } = elapsedText(lastNewsAt, nowMs);
  const usual = usualGapMs === null ? '' : words`, usual gap ${durationText(usualGapMs)}`;
  const whole = words`silent ${text}${usual}`;
  return { text: whole.length <= width ? whole : words`silent ${text}`, until };
}

function nameTone(task: Task, isSelected: boolean): Tone {
  if (isSelected) return 'strong';
  return task.state.status === 'completed' || task.state.status === 'cancelled' ? 'dim' : 'plain';
}

function stepCountText(task: Task): PlainText {
  return task.totalSteps > 0 && !isOwnOnlyStep(task)
    ? words`${stepNumber(task)}/${task.totalSteps}`
    : words``;
}

/**
 * Returns what the task is doing now: a command on its way, its silence, the reason for its status, its current step,
 * or else what it printed last.
 */
function nowText(
  entry: TaskEntry,
  silence: Silence | null,
  context: RenderContext,
  width: number,
): TimedText & { tone: Tone } {
  const { task } = entry;
  const still = (text: PlainText, tone: Tone) => ({ text, tone, until: NEVER });
  if (entry.pending) return still(ladderText(entry.pending), 'busy');
  if (silence) return { ...silenceText(silence, entry.lastNewsAt, context.nowMs, width), tone: 'wait' };
  const why = firstLine(
    task.state.status === 'completed'
      ? task.state.result
      : shortReason(task, context.nameTask, width, context.ascii),
  );
  if (task.state.status === 'failed') return still(why, 'bad');
  if (task.state.status === 'needs-input') return still(why, 'ask');
  const lastLine = task.lastLine ?? words``;
  if (hasEnded(task.state.status)) return still(why || lastLine, 'dim');
  return still(why || stepText(task) || lastLine, task.state.status === 'running' ? 'plain' : 'dim');
}

/**
 * Returns when the task will be done, or how long it took. For a silent task nobody knows: a figure that moved would be
 * made up.
 */
function endText(task: Task, silence: Silence | null, columns: Columns, context: RenderContext): TimedText {
  if (silence) return { text: columns.step === 0 ? words`silent` : words``, until: NEVER };
  if (task.state.status === 'running') {
    return etaText(context.estimate(task.id, context.nowMs), context, columns.eta);
  }
  const endedAt = endedAtOf(task);
  // Why it failed is worth more than how long it took to.
  const why = task.state.status === 'completed' ? words`` : firstLine(reasonOf(task.state));
  const isKnown = endedAt !== null && task.startedAt !== null && fits(why, columns);
  return { text: isKnown ? words`took ${durationText(endedAt - task.startedAt)}` : words``, until: NEVER };
}

function fits(why: PlainText, { step }: Columns): boolean {
  return why === '' || (step > 0 && widthOf(why) <= step);
}

function stalls(entry: TaskEntry, context: RenderContext): number {
  const at = stallsAt(entry, context.stallAfterMs);
  return at !== null && at >= context.nowMs ? at + 1 : NEVER;
}

/** Returns text of several lines as one, with a mark if there are more. */
export function firstLine(text: PlainText | null): PlainText {
  const [first = words``, ...more] = (text ?? words``).split('\n');
  return more.length > 0 ? words`${first} …` : first;
}
