import type { RewriteError } from '../../io/rewrite-json.ts';
import { jsonObject } from '../../model/json.ts';
import { countLike } from '../../model/moment.ts';
import { foreignWord, spellLike } from '../../model/status-words.ts';
import { hasEnded, type TaskStatus } from '../../model/task.ts';
import { plainName, words } from '../../model/text.ts';
import type { DecodedItem } from '../kit/decode-list.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { RETRIED_AT } from './format.ts';
import { refusal } from './refusal.ts';
import {
  type Dialect,
  isUserWord,
  readSessionStatus,
  readUserStatus,
  type UserStatus,
  userWord,
} from './words.ts';

/** A task as it is in a file: any key may be there, any may be missing. */
export type RawTask = Record<string, unknown>;

/** What a user asks for: one of the source's commands. */
export type UserWish =
  | { readonly command: 'cancel' | 'retry' }
  | { readonly command: 'setStatus'; readonly status: UserStatus };

/**
 * Changes the user's status of a task in place, and leaves the sessions' words alone. `decode` reads the task's state in the
 * file; throws a `RewriteError` if the command makes no sense any more.
 */
export function applyWish(
  task: RawTask,
  wish: UserWish,
  context: {
    readonly dialect: Dialect;
    readonly nowMs: number;
    readonly decode: (raw: unknown) => DecodedItem<TaskDraft>;
    /** The user statuses in the file, from which the spelling is taken. */
    readonly words?: readonly string[];
  },
): void {
  const { dialect, nowMs, words = [] } = context;
  const decoded = context.decode(task);
  if ('wrong' in decoded) throw notPossible(`the task cannot be read: ${decoded.wrong}`);
  const { state, sessions } = decoded.item;
  if (!isPossible(wish, state.status)) throw notPossible(`the task is already ${state.status}`);

  const next = wishedStatus(wish);
  const spelled = spellLike(userWord(next, dialect), words, (other) => readUserStatus(other) === next);
  const foreign = foreignWord(spelled, words, isUserWord);
  if (foreign !== null)
    throw notPossible(
      `a board has no status "${foreign}", so it may be another program’s, which may not know ${spelled}`,
    );
  task.status = spelled;
  const hasFailed = sessions.some(({ status }) => readSessionStatus(status) === 'failed');
  if (wish.command === 'retry' && hasFailed) task[RETRIED_AT] = stamp(task.updatedAt, dialect, nowMs);
  stampTask(task, next, dialect, nowMs);
}

/** Returns the user's status that a command sets. */
export function wishedStatus(wish: UserWish): UserStatus {
  if (wish.command === 'setStatus') return wish.status;
  return wish.command === 'cancel' ? 'cancelled' : 'todo';
}

function isPossible({ command }: UserWish, status: TaskStatus): boolean {
  if (command === 'cancel') return !hasEnded(status);
  return command === 'setStatus' || status === 'failed' || status === 'cancelled';
}

/** Sets the timestamps of a task, but only those that the tasks of this file already have: other readers know no others. */
function stampTask(task: RawTask, next: UserStatus, dialect: Dialect, nowMs: number): void {
  const restamp = (key: string) => {
    if (key in task) task[key] = stamp(task[key], dialect, nowMs);
  };
  restamp('updatedAt');
  if (next === 'completed') restamp('completedAt');
  if (next === 'inprogress' && task.startedAt === null) restamp('startedAt');
}

/**
 * Returns the moment in the form that the file uses, or a number in the file's unit: ISO text in the design's dialect, else
 * epoch ms.
 */
export function stamp(existing: unknown, dialect: Dialect, nowMs: number): string | number {
  if (typeof existing === 'number') return countLike(existing, nowMs);
  const isText = typeof existing === 'string' || dialect === 'design';
  return isText ? new Date(nowMs).toISOString() : nowMs;
}

/** Returns the dialect to which the words and keys of a file's tasks belong. */
export function dialectOf(tasks: readonly unknown[]): Dialect {
  const isMaestro = tasks.some((raw) => {
    const task = jsonObject(raw);
    return task !== null && (MAESTRO_WORDS.has(task.status) || MAESTRO_KEYS.some((key) => key in task));
  });
  return isMaestro ? 'maestro' : 'design';
}

const MAESTRO_WORDS = new Set<unknown>(['in_progress', 'in_review', 'blocked', 'archived']);
const MAESTRO_KEYS = ['projectId', 'sessionIds', 'taskSessionStatuses'];

function notPossible(why: string): RewriteError {
  return refusal(words`not possible: ${plainName(why)}`);
}
