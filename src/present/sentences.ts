import type { ShownEstimate } from '../eta/shown-estimate.ts';
import type { TaskId } from '../model/id.ts';
import { overallProgress } from '../model/progress.ts';
import { currentStep, endedAtOf, hasEnded, isOwnOnlyStep, stepNumber, type Task } from '../model/task.ts';
import { joined, type PlainText, words } from '../model/text.ts';
import { type Silence, silenceOf } from '../store/stall.ts';
import type { TaskEntry } from '../store/state.ts';
import { plural } from './count.ts';
import { cut } from './fit.ts';
import { reasonText } from './reason.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** In passing, nobody listens to more of a result or an error. */
const WHY_WIDTH = 200;

/** What a sentence is made with. */
export interface SpeechContext {
  readonly nowMs: number;
  readonly stallAfterMs: number;
  readonly estimate: (id: TaskId, nowMs: number) => ShownEstimate | null;
}

/** Returns everything that matters about a task in one sentence. */
export function taskSentence(entry: TaskEntry, context: SpeechContext): PlainText {
  const { task } = entry;
  const { status } = task.state;
  if (task.review) return words`${task.name} is up for review.`;
  if (status === 'needs-input') return askSentence(task);
  if (status !== 'running') return statusSentence(task);
  const silence = silenceOf(entry, context.nowMs, context.stallAfterMs);
  const parts = [
    words`running`,
    percentWords(task),
    stepWords(task),
    silence ? silenceWords(silence) : leftWords(task, context),
  ];
  return words`${task.name}: ${joined(parts.filter(Boolean), ', ')}.`;
}

/** Returns a question with its numbered choices. */
export function askSentence({ name, question, state }: Task): PlainText {
  if (!question) {
    const why = 'reason' in state && state.reason ? words`: ${state.reason}` : '';
    return words`${name} needs you${why}.`;
  }
  const choices = question.choices.map((choice, index) => words`${index + 1}, ${choice}.`);
  return words`${name} asks: ${joined([question.text, ...choices], ' ')}`;
}

/** Returns the state of a task that does not ask for anything. */
export function statusSentence(task: Task): PlainText {
  const { name, state, attempts, startedAt } = task;
  const endedAt = endedAtOf(task);
  const took =
    startedAt !== null && endedAt !== null ? words` after ${spokenDuration(endedAt - startedAt)}` : '';
  const why = whyWords(task);
  const because = why === '' ? '' : words`: ${why}`;
  switch (state.status) {
    case 'queued':
      return words`${name} is queued${because}.`;
    case 'running':
      return attempts > 1 ? words`${name} is running, attempt ${attempts}.` : words`${name} is running.`;
    case 'waiting':
      return words`${name} is waiting${because}.`;
    case 'needs-input':
      return askSentence(task);
    case 'completed':
      return words`${name} completed${took}${because}.`;
    case 'failed':
      return words`${name} failed${took}${because}.`;
    case 'cancelled':
      return words`${name} was cancelled${took}${because}.`;
    default:
      return state satisfies never;
  }
}

/** Returns the first line of the reason, without its full stop, because the sentence has one. */
function whyWords(task: Task): PlainText {
  const why = task.state.status === 'completed' ? task.state.result : reasonText(task);
  const [first = words``] = (why ?? words``).split('\n');
  return cut(first.replace(/[.\s]+$/u, ''), WHY_WIDTH);
}

/** Returns `40 percent`; empty at the very beginning. */
export function percentWords(task: Task): PlainText {
  const progress = overallProgress(task);
  return progress === null || progress === 0 ? words`` : words`${Math.floor(progress)} percent`;
}

/** Returns `step 2 of 3, compile`; empty for a task that has ended. */
export function stepWords(task: Task): PlainText {
  const step = currentStep(task);
  if (!step || hasEnded(task.state.status) || isOwnOnlyStep(task)) return words``;
  return words`step ${stepNumber(task)} of ${task.totalSteps}, ${step.name}`;
}

/** Returns `has been silent for 4 minutes, though its usual gap is 20 seconds`. */
export function silenceWords({ silentMs, usualGapMs }: Silence): PlainText {
  const usual = usualGapMs === null ? '' : words`, though its usual gap is ${spokenDuration(usualGapMs)}`;
  return words`has been silent for ${spokenDuration(silentMs)}${usual}`;
}

/** Returns `about 4 minutes left`; empty if too little is known. */
export function leftWords(task: Task, { estimate, nowMs }: SpeechContext): PlainText {
  if (task.state.status !== 'running') return words``;
  const known = estimate(task.id, nowMs);
  return known && !known.isVague ? words`about ${spokenDuration(known.remainingMs)} left` : words``;
}

/** Returns a duration as it is spoken: `35 seconds`, `4 minutes`, `2 hours 5 minutes`, `3 days`. */
export function spokenDuration(ms: number): PlainText {
  const seconds = Math.max(1, Math.round(ms / SECOND_MS));
  if (seconds < 60) return plural(seconds, 'second');
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 60) return plural(minutes, 'minute');
  if (minutes * MINUTE_MS >= DAY_MS) return plural(Math.round(ms / DAY_MS), 'day');
  const hours = plural(Math.floor(minutes / 60), 'hour');
  return minutes % 60 === 0 ? hours : words`${hours} ${plural(minutes % 60, 'minute')}`;
}
