import { basename, dirname, join } from 'node:path';
import { jsonObject } from '../../model/json.ts';
import { isTaskMasterStatus } from './words.ts';

type Json = Readonly<Record<string, unknown>>;

/** The tag of a file without tags, and the default if nothing names another. */
const USUAL_TAG = 'master';

/** Returns a document's lists of tasks by their tags; null if it has neither of the program's two structures. */
export function taskLists(document: unknown): ReadonlyMap<string, readonly unknown[]> | null {
  const object = jsonObject(document);
  if (!object) return null;
  const tagged = Object.entries(object).flatMap(([tag, value]) => {
    const tasks = jsonObject(value)?.tasks;
    return tag !== 'metadata' && Array.isArray(tasks) ? [[tag, tasks as readonly unknown[]] as const] : [];
  });
  if (tagged.length > 0) return new Map(tagged);
  return Array.isArray(object.tasks) ? new Map([[USUAL_TAG, object.tasks]]) : null;
}

/** Returns the tag whose tasks are shown: the current one, else `master`, else the first. */
export function chooseTag(lists: ReadonlyMap<string, unknown>, current: string | null): string {
  const wanted = [current, USUAL_TAG].find((tag) => tag !== null && lists.has(tag));
  return wanted ?? lists.keys().next().value ?? USUAL_TAG;
}

/** Tells whether a path is the one at which the program keeps its tasks. */
export function isTaskMasterPlace(path: string): boolean {
  return isNamedLikeList(path) && basename(dirname(dirname(path))) === '.taskmaster';
}

/** Tells whether a path is like that of older versions (`tasks/tasks.json`), which other programs may use as well. */
function isNamedLikeList(path: string): boolean {
  return basename(path) === 'tasks.json' && basename(dirname(path)) === 'tasks';
}

/** Returns where the program keeps the current tag of the tasks at `path`. */
export function statePathOf(path: string): string {
  const project = isNamedLikeList(path) ? dirname(dirname(path)) : dirname(path);
  return isTaskMasterPlace(path) ? join(project, 'state.json') : join(project, '.taskmaster', 'state.json');
}

/** Keys that hardly any other program's tasks have in addition to an id, a title and a status. */
const OWN_KEYS = ['testStrategy', 'subtasks', 'previousStatus', 'recommendedSubtasks', 'expansionPrompt'];

/**
 * Returns how sure it is that a document is task-master's: 3 by its place, 2 by its structure and keys, 1 by its words alone, 0
 * if it is another program's.
 */
export function taskMasterRank(document: unknown, path: string): 0 | 1 | 2 | 3 {
  const lists = taskLists(document);
  if (!lists) return 0;
  const tasks = [...lists.values()].flat().map(jsonObject);
  if (!tasks.every((task) => task !== null && isLikeTask(task))) return 0;
  if (isTaskMasterPlace(path)) return 3;
  if (!tasks.every((task) => isTaskMasterStatus(task?.status))) return 0;
  const isTagged = !Array.isArray(jsonObject(document)?.tasks);
  if (tasks.length === 0) return isTagged && hasMetadata(document as Json) ? 2 : 0;
  if (isTagged || tasks.some((task) => task && OWN_KEYS.some((key) => key in task))) return 2;
  if (isNamedLikeList(path)) return 2;
  return tasks.every((task) => task && Array.isArray(task.dependencies)) ? 1 : 0;
}

function isLikeTask(task: Json): boolean {
  const hasId = typeof task.id === 'string' || typeof task.id === 'number';
  return hasId && typeof task.title === 'string' && !('sessionProgress' in task) && !('projectId' in task);
}

function hasMetadata(document: Json): boolean {
  return Object.values(document).every((list) => jsonObject(jsonObject(list)?.metadata) !== null);
}
