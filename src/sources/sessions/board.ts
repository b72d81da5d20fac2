import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { cannotWrite, RewriteError, rewriteJson } from '../../io/rewrite-json.ts';
import { jsonObject } from '../../model/json.ts';
import { problem } from '../../model/problem.ts';
import { plainName, plainNameOrNull, words } from '../../model/text.ts';
import { makeDirectory } from '../../storage/make-directory.ts';
import { dialectOf, type RawTask } from './board-task.ts';
import { boardTasks } from './format.ts';
import { refusal } from './refusal.ts';
import type { Dialect } from './words.ts';

/** A board's document while it is being changed. */
export interface Board {
  readonly dialect: Dialect;
  readonly tasks: readonly RawTask[];
  /** Returns the first task with this id, which is also the one in the view; throws a `RewriteError` if there is none. */
  find(id: string): RawTask;
  /** Throws a `RewriteError` if the document is a single task and has no room for another. */
  add(task: RawTask): void;
}

const BLANK = '{\n  "tasks": []\n}\n';

/**
 * Changes a board's file: in turn with every other taskglass, in the style of its writer, completely or not at all. `change`
 * may be called several times. With `create`, a missing file is created, with its directories. Rejects with a `RewriteError`.
 */
export async function changeBoard(
  options: {
    readonly path: string;
    readonly clock: Clock;
    readonly signal?: AbortSignal | undefined;
    readonly create?: boolean;
  },
  change: (board: Board) => void,
): Promise<void> {
  const { path, clock, signal, create } = options;
  if (create) await makeDirectoryOf(path);
  else if (!existsSync(path)) throw noBoard(path);
  await rewriteJson({ path, clock, signal, ...(create ? { blank: BLANK } : {}) }, (document) =>
    change(openBoard(document, path)),
  );
}

async function makeDirectoryOf(path: string): Promise<void> {
  await makeDirectory(dirname(path), 0o755).catch((error: Error) => {
    throw cannotWrite(path, error);
  });
}

function openBoard(document: unknown, path: string): Board {
  const listed = boardTasks(document);
  if (!listed)
    throw refusal(
      words`${plainName(path)} is not a board`,
      words`a task, an array of tasks, or {"tasks": […]} is expected`,
    );
  const tasks = listed.tasks.filter((task): task is RawTask => jsonObject(task) !== null);
  return {
    dialect: dialectOf(tasks),
    tasks,
    find(id) {
      const task = tasks.find((each) => plainNameOrNull(each.id) === id);
      if (task) return task;
      throw refusal(
        words`there is no task ${plainName(id)} in ${plainName(path)}`,
        words`taskglass task list`,
      );
    },
    add(task) {
      if (jsonObject(document) && listed.tasks[0] === document)
        throw refusal(
          words`${plainName(path)} is a single task`,
          words`a board is an array of tasks, or {"tasks": […]}`,
        );
      (listed.tasks as unknown[]).push(task);
    },
  };
}

/** Returns the problem of a missing board, for commands: a view waits until something writes the file. */
export function noBoard(path: string): RewriteError {
  const message = words`there is no board ${plainName(path)}`;
  return new RewriteError(problem('missing', 'down', message, 'taskglass task add "…" creates one'));
}
