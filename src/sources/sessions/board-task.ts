import { problem } from '../../model/problem.ts';
import { hasEnded } from '../../model/task.ts';
import { plainName } from '../../model/text.ts';
import { RewriteError } from '../rewrite-json.ts';
import { jsonObject } from '../task-draft.ts';
import { decodeSessionTask, RETRIED_AT, USER_STATUS_LABEL } from './format.ts';
import { type Dialect, readUserStatus, type UserStatus, userWord } from './words.ts';

/** A task as it stands in a file: any key may be there, any may be missing. */
export type RawTask = Record<string, unknown>;

/** What a user asks of a task: one of the source's commands. */
export type UserWish =
  | { readonly command: 'cancel' | 'retry' }
  | { readonly command: 'setStatus'; readonly status: UserStatus };

/**
 * Changes the user's status of a task in place and leaves the sessions' words alone. Throws a `RewriteError` where
 * that makes no sense any more.
 */
export function applyWish(task: RawTask, wish: UserWish, dialect: Dialect, nowMs: number): void {
  const decoded = decodeSessionTask(task);
  if ('wrong' in decoded) throw refusal(`the task cannot be read: ${decoded.wrong}`);
  const { status } = decoded.item.state;
  if (wish.command === 'cancel' && hasEnded(status)) throw refusal(`the task is ${status} by now`);
  if (wish.command === 'retry' && status !== 'failed' && status !== 'cancelled')
    throw refusal(`the task is ${status} by now`);

  const before = readUserStatus(decoded.item.labels[USER_STATUS_LABEL] ?? '');
  const next = wish.command === 'setStatus' ? wish.status : wish.command === 'cancel' ? 'cancelled' : 'todo';
  task.status = userWord(next, dialect);
  if (wish.command === 'retry' && hasFailedSession(task))
    task[RETRIED_AT] = stamp(task.updatedAt, dialect, nowMs);
  stampTask(task, { before, next }, dialect, nowMs);
}

/** Only the stamps that this file's tasks have anyway: its other readers know no more. */
function stampTask(
  task: RawTask,
  move: { readonly before: UserStatus | null; readonly next: UserStatus },
  dialect: Dialect,
  nowMs: number,
): void {
  const restamp = (key: string) => {
    if (key in task) task[key] = stamp(task[key], dialect, nowMs);
  };
  restamp('updatedAt');
  if (move.next === 'completed') restamp('completedAt');
  if (move.next === 'inprogress' && task.startedAt === null) restamp('startedAt');
}

/** The moment in the form that stands there already: ISO text in the design's dialect, else epoch ms. */
export function stamp(existing: unknown, dialect: Dialect, nowMs: number): string | number {
  if (typeof existing === 'number') return nowMs;
  const isText = typeof existing === 'string' || dialect === 'design';
  return isText ? new Date(nowMs).toISOString() : nowMs;
}

function hasFailedSession(task: RawTask): boolean {
  const decoded = decodeSessionTask({ ...task, [RETRIED_AT]: undefined, status: 'todo' });
  return 'item' in decoded && decoded.item.sessions.some(({ status }) => status.toLowerCase() === 'failed');
}

/** The dialect that the words and keys of a file's tasks belong to. */
export function dialectOf(tasks: readonly unknown[]): Dialect {
  const isMaestro = tasks.some((raw) => {
    const task = jsonObject(raw);
    return task !== null && (MAESTRO_WORDS.has(task.status) || MAESTRO_KEYS.some((key) => key in task));
  });
  return isMaestro ? 'maestro' : 'design';
}

const MAESTRO_WORDS = new Set<unknown>(['in_progress', 'in_review', 'blocked', 'archived']);
const MAESTRO_KEYS = ['projectId', 'sessionIds', 'taskSessionStatuses'];

function refusal(why: string): RewriteError {
  return new RewriteError(problem('not-allowed', 'degraded', `not possible: ${plainName(why)}`));
}
