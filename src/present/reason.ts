import type { TaskId } from '../model/id.ts';
import { reasonOf, type Task } from '../model/task.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import { findEntry, type State } from '../store/state.ts';
import { statusWord } from './count.ts';
import { cut, widthOf } from './fit.ts';

/** Returns how a sentence names another task. */
export type NameTask = (id: TaskId) => PlainText;

/** At most this many tasks are named in a sentence. */
const MOST_NAMED = 20;

/**
 * Returns why a task has its status: its source's own words, otherwise what it waits for, in a sentence made from the facts.
 * Other tasks are named by their native ids unless `name` says otherwise.
 */
export function reasonText(task: Task, name: NameTask = nativeIdsOf(task)): PlainText | null {
  const own = reasonOf(task.state);
  if (own !== null) return own;
  const sentences = waitingSentences(task, name, MOST_NAMED);
  return sentences.length === 0 ? null : plainName(sentences.join('; '));
}

/**
 * Returns `reasonText` for one line of `width` columns: only one of the awaited tasks is named, and its name is cut to leave
 * room for the rest.
 */
export function shortReason(
  task: Task,
  name: NameTask = nativeIdsOf(task),
  width: number,
  ascii: boolean,
): PlainText | null {
  const own = reasonOf(task.state);
  if (own !== null) return own;
  const [rest = ''] = waitingSentences(task, () => words``, 1);
  const room = Math.max(1, width - widthOf(rest));
  return waitingSentences(task, (id) => cut(name(id), room, ascii), 1)[0] ?? null;
}

/** Names a task as the list does, with its status. */
export function describeTask(id: TaskId, state: State): PlainText {
  const task = findEntry(state, id)?.task;
  return task
    ? words`${task.name} (${statusWord(task.state.status)})`
    : words`${plainName(id)} (unknown here)`;
}

/** Says what a task waits for, beginning with what blocks it for good. */
function waitingSentences(
  { state, waitsFor = [], blockedBy = [] }: Task,
  name: NameTask,
  most: number,
): PlainText[] {
  if (state.status !== 'waiting') return [];
  const blocking = new Set(blockedBy);
  const open = waitsFor.filter((id) => !blocking.has(id));
  return [
    ...(blockedBy.length > 0 ? [words`blocked by ${listed(blockedBy, name, most)}`] : []),
    ...(open.length > 0 ? [words`waits for ${listed(open, name, most)}`] : []),
  ];
}

function listed(ids: readonly TaskId[], name: NameTask, most: number): PlainText {
  const names = joined(ids.slice(0, most).map(name), ', ');
  return ids.length > most ? words`${names} and ${ids.length - most} more` : names;
}

/** Names tasks of the same source as that source does. */
function nativeIdsOf({ source }: Task): NameTask {
  return (id) => plainName(id.startsWith(`${source}/`) ? id.slice(source.length + 1) : id);
}
