import type { Clock } from '../../clock.ts';
import { withDirectoryLock } from '../../io/directory-lock.ts';
import { RewriteError, rewriteJson } from '../../io/rewrite-json.ts';
import { jsonObject } from '../../model/json.ts';
import { problem } from '../../model/problem.ts';
import { hasEnded } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { taskLists } from './lists.ts';
import { isTaskMasterStatus, readTaskMasterStatus } from './words.ts';

type RawTask = Record<string, unknown>;

/** What a user can ask for, and the word that is written. */
export const WISHES = { cancel: 'cancelled', retry: 'pending' } as const;
export type Wish = keyof typeof WISHES;

/**
 * Sets the status of a task, in turn with the program itself, and stamps it as the program does. Nothing else in the file
 * changes. Rejects with a `RewriteError` that says why not.
 */
export async function changeTask(
  options: {
    readonly path: string;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    /** The tag whose tasks were shown when the user asked. */
    readonly tag: string | null;
  },
  nativeId: string,
  wish: Wish,
): Promise<void> {
  const { path, clock, signal, tag } = options;
  await rewriteJson({ path, clock, signal, takeTurns: withDirectoryLock }, (document) => {
    const tasks = shownTasks(document, tag, path);
    const task = tasks.find(({ id }) => plainNameOrNull(id) === nativeId);
    if (!task) throw refusal(words`${plainName(path)} has no task ${plainName(nativeId)}`);
    const status = readTaskMasterStatus(plainNameOrNull(task.status) ?? 'pending') ?? 'queued';
    const isPossible = wish === 'cancel' ? !hasEnded(status) : status === 'failed' || status === 'cancelled';
    if (!isPossible) throw refusal(words`not possible: the task is already ${status}`);
    task.status = WISHES[wish];
    task.updatedAt = new Date(clock.now()).toISOString();
  });
}

/** Returns the tasks of a tag, once it is certain that the file uses only the program's own words. */
function shownTasks(document: unknown, tag: string | null, path: string): RawTask[] {
  const list = tag === null ? undefined : taskLists(document)?.get(tag);
  const file = plainName(path);
  if (!list) throw refusal(words`${file} has no tasks under the tag ${plainName(tag ?? 'master')} any more`);
  const tasks = list.filter((task): task is RawTask => jsonObject(task) !== null);
  const foreign = tasks.find(({ status }) => status !== undefined && !isTaskMasterStatus(status));
  if (!foreign) return tasks;
  const word = plainNameOrNull(foreign.status) ?? words`(no word)`;
  throw refusal(
    words`${file} has the status "${word}", which task-master does not know: it may be another program's file`,
  );
}

function refusal(message: PlainText): RewriteError {
  return new RewriteError(problem('not-allowed', 'degraded', message, 'it was left unchanged'));
}
