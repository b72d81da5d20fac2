import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { type ReadMoment, readMoment } from '../../model/moment.ts';
import type { Problem } from '../../model/problem.ts';
import type { Step } from '../../model/task.ts';
import { type PlainText, plainNameOrNull, words } from '../../model/text.ts';
import { decodeIds, decodeLabels } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, unknownStatus } from '../kit/decode-list.ts';
import { stateOfWord } from '../kit/state-of-word.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { withWaiting } from '../kit/waiting.ts';
import { chooseTag, taskLists } from './lists.ts';
import { readSubtaskStatus, readTaskMasterStatus } from './words.ts';

type Json = Readonly<Record<string, unknown>>;

/** The tasks of one tag. */
export interface TaskMasterReading {
  readonly tag: string;
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
}

/** Reads the tasks of the current tag (docs/sources.md); null if the document has neither of the two structures. */
export function decodeTaskMaster(
  document: unknown,
  currentTag: string | null,
  read: ReadMoment = readMoment,
): TaskMasterReading | null {
  const lists = taskLists(document);
  if (!lists) return null;
  const tag = chooseTag(lists, currentTag);
  const label = plainNameOrNull(tag) ?? words`(no name)`;
  const { items, problem } = decodeList(lists.get(tag) ?? [], words`tasks of the tag ${label}`, (raw) =>
    decodeTask(raw, label, read),
  );
  const states = new Map(items.map((task) => [task.nativeId, task.state]));
  // The file has a word for a blocked task, but none for one whose turn has not come.
  const openOf = (task: TaskDraft) => openTasksOf(task, items);
  return { tag, tasks: items.map((task) => withWaiting(task, states, openOf)), problem };
}

/** Reads one task before the states of its dependencies are known: a pending one is queued. */
function decodeTask(raw: unknown, tag: PlainText, read: ReadMoment): DecodedItem<TaskDraft> {
  const task = jsonObject(raw);
  if (!task) return { wrong: words`it is not a JSON object` };
  const nativeId = plainNameOrNull(task.id);
  if (nativeId === null) return { wrong: words`it has no id` };
  const word = plainNameOrNull(task.status) ?? words`pending`;
  const updatedAt = read(task.updatedAt);
  const steps = stepsOf(task, read);
  const item: TaskDraft = {
    ...BARE_DRAFT,
    nativeId,
    name: plainNameOrNull(task.title) ?? nativeId,
    state: stateOfWord(readTaskMasterStatus(word), word, updatedAt),
    steps,
    totalSteps: steps.length,
    updatedAt,
    priority: typeof task.priority === 'string' ? (PRIORITIES[task.priority] ?? null) : null,
    dependencies: tasksOf(dependenciesOf(task), nativeId),
    labels: { tag, ...decodeLabels(LABELS.map((key) => [key, task[key]])) },
    mayBeQuiet: true,
    raw,
  };
  return { item, oddities: readTaskMasterStatus(word) === null ? [unknownStatus(word)] : [] };
}

const LABELS = ['priority', 'complexity'] as const;
const PRIORITIES: Readonly<Record<string, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

function stepsOf(task: Json, read: ReadMoment): Step[] {
  return subtasksOf(task).map((subtask, index): Step => {
    const status = readSubtaskStatus(subtask.status);
    return {
      index,
      name: plainNameOrNull(subtask.title) ?? words`subtask ${index + 1}`,
      status,
      progress: null,
      weight: 1,
      startedAt: null,
      endedAt: status === 'completed' ? read(subtask.updatedAt) : null,
    };
  });
}

function subtasksOf(task: Json | null): Json[] {
  const listed: unknown[] = Array.isArray(task?.subtasks) ? task.subtasks : [];
  return listed
    .slice(0, STEP_LIMIT)
    .map(jsonObject)
    .filter((subtask) => subtask !== null);
}

/** Returns what a task depends on: tasks (`5`), and subtasks of others (`5.1`). */
function dependenciesOf(task: Json | null): string[] {
  const listed: unknown[] = Array.isArray(task?.dependencies) ? task.dependencies : [];
  return decodeIds(listed.slice(0, STEP_LIMIT));
}

/** Returns the tasks that contain the dependencies, without the task itself. */
function tasksOf(dependencies: readonly string[], own: string): string[] {
  return [...new Set(dependencies.map(taskOf))].filter((id) => id !== own);
}

function taskOf(id: string): string {
  return id.split('.', 1)[0] ?? id;
}

function isDoneSubtask(id: string, tasks: readonly TaskDraft[]): boolean {
  const parent = taskOf(id);
  if (parent === id) return false;
  const subtasks = subtasksOf(jsonObject(tasks.find(({ nativeId }) => nativeId === parent)?.raw));
  return subtasks.some(
    (subtask) =>
      `${parent}.${plainNameOrNull(subtask.id) ?? ''}` === id &&
      readSubtaskStatus(subtask.status) === 'completed',
  );
}

/** Returns the tasks for which one still waits. */
function openTasksOf(task: TaskDraft, all: readonly TaskDraft[]): string[] {
  const open = dependenciesOf(jsonObject(task.raw)).filter((id) => !isDoneSubtask(id, all));
  return tasksOf(open, task.nativeId);
}
