import { readStatusWord, type StatusMeaning, squash } from '../../model/status-words.ts';
import type { TaskStatus } from '../../model/task.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';

/** The user's statuses of a task, regardless of the dialect's spelling. */
export const USER_STATUSES = [
  'todo',
  'inprogress',
  'inreview',
  'blocked',
  'completed',
  'cancelled',
  'archived',
] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** What a session reports on its work on a task. */
export const REPORTED_STATUSES = [
  'queued',
  'working',
  'needs_input',
  'blocked',
  'completed',
  'failed',
  'cancelled',
] as const;
export type ReportedStatus = (typeof REPORTED_STATUSES)[number];

/** Including the two that only Maestro reports, and that say nothing about the task. */
export const SESSION_STATUSES = [...REPORTED_STATUSES, 'idle', 'skipped'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** The design's words are `todo, inprogress, completed, cancelled`; the actual program has more, with underscores. */
export type Dialect = 'design' | 'maestro';

const USER_SPELLINGS = spellings<UserStatus>(USER_STATUSES);
const SESSION_SPELLINGS = spellings<SessionStatus>(SESSION_STATUSES);

/** The meanings of words in neither vocabulary. */
const USER_MEANT: Readonly<Partial<Record<StatusMeaning, UserStatus>>> = {
  queued: 'todo',
  running: 'inprogress',
  waiting: 'blocked',
  completed: 'completed',
  cancelled: 'cancelled',
};
const SESSION_MEANT: Readonly<Partial<Record<StatusMeaning, SessionStatus>>> = {
  queued: 'queued',
  running: 'working',
  waiting: 'blocked',
  'needs-input': 'needs_input',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

/**
 * Tells whether it is one of the user's own words, in any spelling. A word that only has the same meaning is no sign of a
 * board.
 */
export function isUserWord(word: string): boolean {
  return USER_SPELLINGS.has(squash(word)) || squash(word) === 'canceled';
}

/** Reads the user's word in any spelling (`in_progress`, `In Progress`), or a synonym (`done`); null if it is unknown. */
export function readUserStatus(word: string): UserStatus | null {
  const meaning = readStatusWord(word);
  return USER_SPELLINGS.get(squash(word)) ?? (meaning && USER_MEANT[meaning]) ?? null;
}

/** Reads a session's word in any spelling (`needsInput`, `spawning`); null if it is unknown. */
export function readSessionStatus(word: string): SessionStatus | null {
  const meaning = readStatusWord(word);
  return SESSION_SPELLINGS.get(squash(word)) ?? (meaning && SESSION_MEANT[meaning]) ?? null;
}

/** Returns a user's status as a dialect writes it. */
export function userWord(status: UserStatus, dialect: Dialect): PlainText {
  if (dialect === 'design') return words`${status}`;
  return plainName(status === 'inprogress' || status === 'inreview' ? status.replace('in', 'in_') : status);
}

/**
 * Returns the single status of a task, from what the user and its sessions say. An unknown word (null) determines nothing; but
 * if a session has one, not all have failed. The user's `blocked` counts like that of a session.
 */
export function taskStatus(user: UserStatus | null, sessions: readonly (SessionStatus | null)[]): TaskStatus {
  if (user === 'completed') return 'completed';
  if (user === 'cancelled' || user === 'archived') return 'cancelled';
  if (sessions.includes('needs_input')) return 'needs-input';
  if (sessions.includes('working')) return 'running';
  if (sessions.includes('blocked') || user === 'blocked') return 'waiting';
  if (user === 'inprogress' || user === 'inreview') return 'running';
  if (sessions.length > 0 && sessions.every((status) => status === 'failed')) return 'failed';
  return isReported(sessions) ? 'completed' : 'queued';
}

/**
 * Tells whether all sessions that have reported call the task completed. That is their word, not the user's: the task is for
 * review.
 */
function isReported(sessions: readonly (SessionStatus | null)[]): boolean {
  const reported = sessions.filter((status) => status !== 'idle' && status !== 'skipped');
  return reported.length > 0 && reported.every((status) => status === 'completed');
}

/** The user's usual moves: todo → inprogress → completed, inprogress → cancelled. Others need confirmation. */
const USER_FLOW: Readonly<Partial<Record<UserStatus, readonly UserStatus[]>>> = {
  todo: ['inprogress'],
  inprogress: ['completed', 'cancelled'],
  inreview: ['completed'],
};

/** Returns what a user may set in this dialect, except for the current status; `usual` are the moves along the flow. */
export function userMoves(
  from: UserStatus | null,
  dialect: Dialect,
): { readonly usual: readonly UserStatus[]; readonly others: readonly UserStatus[] } {
  const all: readonly UserStatus[] =
    dialect === 'design' ? ['todo', 'inprogress', 'completed', 'cancelled'] : USER_STATUSES;
  const usual = (from && USER_FLOW[from]) ?? [];
  return { usual, others: all.filter((word) => word !== from && !usual.includes(word)) };
}

/** A session's moves; any may also be cancelled, and one that has not reported yet may begin. */
const SESSION_FLOW: Readonly<Partial<Record<SessionStatus, readonly SessionStatus[]>>> = {
  queued: ['working'],
  idle: ['working'],
  working: ['blocked', 'needs_input', 'completed', 'failed'],
  blocked: ['working'],
  needs_input: ['working'],
};
const BEGINNINGS: readonly SessionStatus[] = ['queued', 'working'];

/** Returns the statuses that may follow; `null` is a session that has not reported on the task yet. */
export function sessionMoves(from: SessionStatus | null): readonly SessionStatus[] {
  if (from === null) return BEGINNINGS;
  const next = SESSION_FLOW[from] ?? [];
  return from === 'cancelled' ? next : [...next, 'cancelled'];
}

/** Returns what a session's word means in the common vocabulary; `idle` and `skipped` mean nothing there. */
export function sessionMeaning(status: SessionStatus | null): { readonly meaning?: TaskStatus } {
  const meaning = status === null ? undefined : MEANINGS[status];
  return meaning === undefined ? {} : { meaning };
}

const MEANINGS: Readonly<Partial<Record<SessionStatus, TaskStatus>>> = {
  queued: 'queued',
  working: 'running',
  needs_input: 'needs-input',
  blocked: 'waiting',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Tells whether the session has said its last word on the task. */
export function sessionHasEnded(status: SessionStatus | null): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled' || status === 'skipped';
}

function spellings<T extends string>(words: readonly T[]): ReadonlyMap<string, T> {
  return new Map(words.map((word) => [squash(word), word]));
}
