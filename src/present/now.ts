import { currentStep, hasEnded, isOwnOnlyStep, type Task } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import type { Silence } from '../store/stall.ts';
import type { TaskEntry } from '../store/state.ts';
import { ladderText } from './command.ts';
import { durationText, elapsedText } from './duration.ts';
import { signs } from './glyphs.ts';
import { NEVER, type TimedText, type Tone } from './line.ts';
import { shortReason } from './reason.ts';
import type { RenderContext } from './render-context.ts';

/**
 * Returns what matters about the task now: a command on its way, its question, its silence, what went wrong, why it waits,
 * its current step, or else what it printed last.
 */
export function nowText(
  entry: TaskEntry,
  silence: Silence | null,
  context: RenderContext,
  width: number,
): TimedText & { readonly tone: Tone } {
  const { task } = entry;
  const still = (text: PlainText, tone: Tone) => ({ text, tone, until: NEVER });
  if (entry.pending) return still(ladderText(entry.pending), 'busy');
  if (silence) return { ...silenceText(silence, entry.lastNewsAt, context.nowMs, width), tone: 'wait' };
  const lastLine = task.lastLine ?? words``;
  const reason = () => firstLine(shortReason(task, context.nameTask, width, context.ascii));
  switch (task.state.status) {
    case 'needs-input':
      return still(firstLine(task.question?.text ?? null) || reason() || lastLine, 'ask');
    case 'failed':
      return still(errorLine(task), 'bad');
    case 'completed':
      return still(endText(task, context), task.review ? 'ask' : 'plain');
    case 'running':
      return still(stepText(task) || reason() || lastLine, 'plain');
    default:
      return still(reason() || (hasEnded(task.state.status) ? lastLine : words``), 'dim');
  }
}

/** Returns the result of a completed task, and whether somebody has to look at it. */
function endText(task: Task, { ascii }: RenderContext): PlainText {
  const result = task.state.status === 'completed' ? firstLine(task.state.result) : words``;
  const said =
    result || task.lastLine || (task.attempts > 1 ? words`${ordinal(task.attempts)} try` : words``);
  if (!task.review) return said;
  return said === '' ? words`for review` : words`for review ${signs(ascii).dot} ${said}`;
}

/** Returns `3/5 Index the words`: the running step with its own number. */
function stepText(task: Task): PlainText {
  if (isOwnOnlyStep(task) || task.totalSteps === 0) return words``;
  const step = currentStep(task);
  return step ? words`${step.index + 1}/${task.totalSteps} ${step.name}` : words``;
}

/** Returns what went wrong in one line. An exit code says little, so the last line that the command printed is added. */
export function errorLine({ state, lastLine }: Task): PlainText {
  const error = state.status === 'failed' ? state.error : null;
  const [how = words``, ...printed] = (error ?? words``)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const code = /^exit code (?<code>\d+)$/u.exec(how)?.groups?.code;
  const isEnd = code !== undefined || /^ended by (?:SIG[A-Z0-9]+|signal \d+)$/u.test(how);
  if (!isEnd) return how === '' ? (lastLine ?? words``) : firstLine(error);
  const said = printed.at(-1) ?? lastLine ?? words``;
  if (said === '') return how;
  return words`${code === undefined ? how : words`exit ${Number(code)}`}: ${said}`;
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

/** Returns the first line of a text, with a mark if there are more. */
export function firstLine(text: PlainText | null): PlainText {
  const [first = words``, ...more] = (text ?? words``).split('\n');
  return more.length > 0 ? words`${first} …` : first;
}

function ordinal(count: number): PlainText {
  const isTeen = count % 100 > 10 && count % 100 < 14;
  const ending = isTeen ? 'th' : ((['th', 'st', 'nd', 'rd'] as const)[count % 10] ?? 'th');
  return words`${count}${ending}`;
}
