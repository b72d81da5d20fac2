import { endedAtOf, hasEnded, reasonOf, type Task } from '../model/task.ts';
import { plainName, words } from '../model/text.ts';
import { taskPlace } from '../store/dismissals.ts';
import { silenceOf } from '../store/stall.ts';
import type { SourceRecord, State, TaskEntry } from '../store/state.ts';
import type { Condition, NotifyEvent } from './event.ts';

/** Returns what is true of a task that somebody may want to know, except for silence; null if nothing is. */
export function taskCondition(state: State, entry: TaskEntry): Condition | null {
  const event = eventOf(entry.task);
  return event && conditionOf(state, entry, event);
}

/** Returns the silence of a task as a condition; null unless it is stalled. */
export function stallCondition(
  state: State,
  entry: TaskEntry,
  { nowMs, stallAfterMs }: { readonly nowMs: number; readonly stallAfterMs: number },
): Condition | null {
  return silenceOf(entry, nowMs, stallAfterMs) && conditionOf(state, entry, 'stalled');
}

/** Names a source by its location. */
export function sourcePlace({ kind, location }: SourceRecord): string {
  return `${kind} ${location}`;
}

export function sourceCondition(source: SourceRecord): Condition | null {
  const { id, status, problem } = source;
  if (status !== 'down') return null;
  return {
    event: 'source-down',
    place: sourcePlace(source),
    signature: '',
    stamp: null,
    id,
    name: plainName(id),
    text: problem && plainName(problem.message),
    source: null,
    host: null,
  };
}

/** Nothing runs or waits any more, after something did. */
export const ALL_DONE: Condition = {
  event: 'all-done',
  place: '',
  signature: '',
  stamp: null,
  id: null,
  name: words`all tasks`,
  text: null,
  source: null,
  host: null,
};

/** Tells whether `all-done` waits for a task. It does not for one that is only queued, which may never begin. */
export function isUnderWay({ state: { status } }: Task): boolean {
  return status === 'running' || status === 'waiting' || status === 'needs-input';
}

/** Returns since when a task has been in its state, as far as its source says (epoch ms); null if it does not. */
export function conditionStamp(task: Task): number | null {
  if (hasEnded(task.state.status)) return endedAtOf(task) ?? task.updatedAt;
  return task.question?.askedAt ?? task.updatedAt;
}

export function isSame(a: Condition | null, b: Condition | null): boolean {
  return a?.event === b?.event && a?.signature === b?.signature;
}

function eventOf({ state, review }: Task): NotifyEvent | null {
  if (state.status === 'needs-input' || state.status === 'failed') return state.status;
  if (review) return 'review';
  return state.status === 'completed' ? 'completed' : null;
}

function conditionOf(state: State, entry: TaskEntry, event: NotifyEvent): Condition {
  const { task } = entry;
  const text = event === 'needs-input' ? (task.question?.text ?? reasonOf(task.state)) : resultOf(task);
  return {
    event,
    place: taskPlace(state, entry),
    signature: signatureOf(task, event),
    stamp: event === 'stalled' ? null : conditionStamp(task),
    id: task.id,
    name: task.name,
    text: text && plainName(text),
    source: plainName(task.source),
    host: task.host ?? null,
  };
}

function resultOf({ state }: Task) {
  return state.status === 'completed' ? state.result : reasonOf(state);
}

/** Timestamps are not part of it: some sources change them with each change of anything. */
function signatureOf(task: Task, event: NotifyEvent): string {
  if (event === 'stalled') return '';
  return event === 'needs-input'
    ? (task.question?.text ?? reasonOf(task.state) ?? '')
    : String(task.attempts);
}
