import { jsonNumber, jsonObject } from '../../model/json.ts';
import { problem } from '../../model/problem.ts';
import { readStatusWord, type StatusMeaning, spellLike } from '../../model/status-words.ts';
import { plainName, words } from '../../model/text.ts';
import type { Transition } from './history.ts';
import { parseNaiveTime } from './naive-time.ts';
import { BreakdownError } from './rewrite.ts';

/** A task as it is in the file: any key may be there, any may be missing. */
export type RawTask = Record<string, unknown>;

/** The format's four words; its writers refuse any other. */
export const BREAKDOWN_STATUSES = ['pending', 'in_progress', 'completed', 'failed'] as const;
export type BreakdownStatus = (typeof BREAKDOWN_STATUSES)[number];

/** Tells whether a word has the meaning of one of these, or means that a task was cancelled: others are another program's. */
export function isBreakdownWord(word: string): boolean {
  const meaning = readStatusWord(word);
  return meaning !== null && (meaning in FORMAT_WORDS || meaning === 'cancelled');
}

export interface StatusChange {
  readonly status: BreakdownStatus;
  /** Added to the task's notes, with the time. */
  readonly notes?: string;
  /** The outcome, in short; kept if omitted. */
  readonly result?: string;
  /** The long form of a failure: its message, a stack trace. */
  readonly failureDetails?: string;
}

/**
 * Moves a task, as the format's original does: `started_at` is the first start, `attempts` counts each move to `in_progress`,
 * `completed_at` is written at each end, and a move back to `pending` keeps all of it. Every move between the four words is
 * allowed, even one to the same word. `now` is a naive local time; `words` are the statuses in the document, from which the
 * spelling is taken. Returns the move, for the history.
 */
export function moveTask(
  task: RawTask,
  change: StatusChange,
  now: string,
  words: readonly string[] = [],
): Transition {
  const { status, notes, result, failureDetails } = change;
  const from = statusOf(task);
  task.status = spellLike(status, words, (word) => statusOf({ status: word }) === status);
  if (status === 'in_progress') {
    task.started_at ??= now;
    task.attempts = attemptsOf(task) + 1;
  }
  if (status === 'completed' || status === 'failed') {
    task.completed_at = now;
    if (result !== undefined) task.result = result;
    if (failureDetails !== undefined) task.failure_details = failureDetails;
  }
  task.status_updated_at = now;
  if (notes !== undefined && notes !== '') addNote(task, now, notes);
  return {
    at: now,
    task_id: idOf(task) ?? '',
    from,
    to: status,
    attempts: attemptsOf(task),
    ...(notes === undefined ? {} : { note: notes }),
    ...(result === undefined ? {} : { result }),
  };
}

/** Returns the first task with this id, which is also the one in the view; throws a `BreakdownError` if there is none. */
export function findTask(document: unknown, id: string, path: string): RawTask {
  const found = tasksOf(document).find((task) => idOf(task) === id);
  if (found) return found;
  throw new BreakdownError(
    problem('not-allowed', 'degraded', words`${plainName(path)} has no task ${plainName(id)}`),
  );
}

/** Returns the status words in a document, each once. */
export function wordsOf(document: unknown): string[] {
  const words = tasksOf(document).map(({ status }) => status);
  return [...new Set(words.filter((word) => typeof word === 'string'))];
}

export function tasksOf(document: unknown): RawTask[] {
  const tasks = jsonObject(document)?.tasks;
  return Array.isArray(tasks) ? tasks.filter((task) => jsonObject(task) !== null) : [];
}

export function idOf(task: RawTask): string | null {
  return typeof task.id === 'string' || typeof task.id === 'number' ? plainName(String(task.id)) : null;
}

/**
 * Returns a task's status in the format's words, whatever its spelling; `cancelled`, which is not one of them, and an unknown
 * word are returned as they are. A missing status is pending.
 */
export function statusOf(task: RawTask): string {
  if (typeof task.status !== 'string') return 'pending';
  const meaning = readStatusWord(task.status);
  if (meaning === 'cancelled') return meaning;
  return (meaning && FORMAT_WORDS[meaning]) ?? task.status;
}

/** Returns the time from the first start to the end, or until now while it runs. */
export function elapsedMs(task: RawTask, nowMs: number): number | null {
  const startedAt = parseNaiveTime(task.started_at);
  const status = statusOf(task);
  const end =
    status === 'in_progress' ? nowMs : status === 'pending' ? null : parseNaiveTime(task.completed_at);
  return startedAt === null || end === null ? null : Math.max(0, end - startedAt);
}

const FORMAT_WORDS: Readonly<Partial<Record<StatusMeaning, BreakdownStatus>>> = {
  queued: 'pending',
  running: 'in_progress',
  completed: 'completed',
  failed: 'failed',
};

/** Returns the number of attempts, which may be a string. */
export function attemptsOf(task: RawTask): number {
  const attempts = Math.floor(jsonNumber(task.attempts));
  return Number.isFinite(attempts) && attempts > 0 ? attempts : 0;
}

function addNote(task: RawTask, timestamp: string, note: string): void {
  const { notes = null } = task;
  const before = Array.isArray(notes) ? notes : notes === null ? [] : [notes];
  task.notes = [...before, { timestamp, note }];
}
