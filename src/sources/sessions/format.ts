import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { type ReadMoment, readMoment } from '../../model/moment.ts';
import type { Problem } from '../../model/problem.ts';
import type { Session, TaskState } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { answerNotes } from '../kit/answer-notes.ts';
import { decodeIds, decodeLabels, latestOf } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, type Oddity, unknownStatus } from '../kit/decode-list.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { ANSWERS, type Asked, askedBy } from './answers.ts';
import { withoutEnvironment } from './environment.ts';
import { type DecodedReport, decodeSessions } from './reports.ts';
import { isUserWord, readUserStatus, taskStatus, type UserStatus } from './words.ts';

/** Our own key in a task's document: when a user last asked for a retry. Earlier failures no longer count. */
export const RETRIED_AT = 'retriedAt';

type Json = Readonly<Record<string, unknown>>;

/** Returns the list of tasks in a board's document: one task, an array, or `{tasks}`; null if it is none of these. */
export function boardTasks(
  document: unknown,
): { readonly tasks: readonly unknown[]; readonly where: PlainText } | null {
  if (Array.isArray(document)) return { tasks: document, where: words`the board` };
  const object = jsonObject(document);
  if (Array.isArray(object?.tasks)) return { tasks: object.tasks, where: words`tasks` };
  return object && isBoardTask(object) ? { tasks: [object], where: words`the board` } : null;
}

/** Reads a board in either dialect (docs/sources.md); null if the document is not a board. */
export function decodeBoard(
  document: unknown,
  decodeTask: (raw: unknown) => DecodedItem<TaskDraft> = (raw) => decodeSessionTask(raw),
): { readonly tasks: readonly TaskDraft[]; readonly problem: Problem | null } | null {
  const listed = boardTasks(document);
  if (!listed) return null;
  const { items, problem } = decodeList(listed.tasks, listed.where, decodeTask);
  return { tasks: items, problem };
}

/**
 * Returns how sure it is that this JSON document is a board: 3 by its place, 2 by keys that only a board has, 1 by its words
 * alone, 0 if it is not. An empty list could be anybody's.
 */
export function boardRank(document: unknown, path = ''): 0 | 1 | 2 | 3 {
  const object = jsonObject(document);
  if (object && ('generated_at' in object || 'total_tasks' in object || 'activeTasks' in object)) return 0;
  const listed = boardTasks(document);
  if (!listed) return 0;
  if (/(^|[\\/])\.taskglass[\\/]board\.json$/u.test(path)) return 3;
  const tasks = listed.tasks.map(jsonObject).filter((task) => task !== null);
  if (tasks.some((task) => 'id' in task && TELLTALE_KEYS.some((key) => key in task))) return 2;
  if (tasks.some((task) => FOREIGN_KEYS.some((key) => key in task))) return 0;
  return tasks.length > 0 && tasks.some(isBoardTask) && tasks.every(hasUserWord) ? 1 : 0;
}

/** Tells whether this JSON document is a board, by its content. */
export function isBoard(document: unknown): boolean {
  return boardRank(document) > 0;
}

/** Keys of other programs' lists, whatever their words. */
const FOREIGN_KEYS = ['testStrategy', 'subtasks', 'passes'];

const TELLTALE_KEYS = ['sessionProgress', 'taskSessionStatuses', 'agentStatus', 'sessionStatus'];

/** Words that hardly anything but a to-do list has; `completed` occurs in documents of all kinds. */
const TELLTALE_WORDS: readonly (UserStatus | null)[] = ['todo', 'inprogress', 'inreview'];

/** Tells whether it has an id, and either sessions, or a title (or name) with a word from a user's list. */
function isBoardTask(task: Json): boolean {
  if (!('id' in task)) return false;
  if (TELLTALE_KEYS.some((key) => key in task)) return true;
  const hasName = typeof task.title === 'string' || typeof task.name === 'string';
  return hasName && typeof task.status === 'string' && TELLTALE_WORDS.includes(readUserStatus(task.status));
}

/** Tells whether its status, if it has one, is a user's word: a list with any other is another program's. */
function hasUserWord({ status }: Json): boolean {
  return status === undefined || (typeof status === 'string' && isUserWord(status));
}

/** Reads one task of a board; `read` reads its times. */
export function decodeSessionTask(raw: unknown, read: ReadMoment = readMoment): DecodedItem<TaskDraft> {
  const task = jsonObject(raw);
  if (!task) return { wrong: words`it is not a JSON object` };
  return assembleTask(task, decodeSessions(task, read), read);
}

/** Assembles a task of either dialect from itself and its sessions' reports. */
export function assembleTask(
  task: Json,
  reports: readonly DecodedReport[],
  read: ReadMoment = readMoment,
): DecodedItem<TaskDraft> {
  const nativeId = plainNameOrNull(task.id);
  if (nativeId === null) return { wrong: words`it has no id` };
  const word = plainNameOrNull(task.status) ?? words`todo`;
  const user = readUserStatus(word);
  const counting = withoutRetried(reports, read(task[RETRIED_AT]));
  const asked = askedBy(task, counting, read);
  const state = stateOf(task, { word, user }, { reports: counting, asked }, read);
  const item: TaskDraft = {
    ...BARE_DRAFT,
    nativeId,
    name: plainNameOrNull(task.title) ?? plainNameOrNull(task.name) ?? words`(untitled)`,
    state,
    startedAt: read(task.startedAt),
    updatedAt: latestOf([read(task.updatedAt), ...reports.map(({ session }) => session.updatedAt)]),
    priority: priorityOf(task.priority),
    dependencies: Array.isArray(task.dependencies) ? decodeIds(task.dependencies.slice(0, STEP_LIMIT)) : [],
    sessions: reports.map(({ session }) => session),
    labels: decodeLabels(Object.entries(LABELS).map(([key, label]) => [label, task[key]])),
    userStatus: word,
    ...(state.status === 'completed' && user !== 'completed' && { review: true }),
    ...(state.status === 'needs-input' && { question: asked.question }),
    notes: answerNotes(task[ANSWERS], read),
    mayBeQuiet: true,
    raw: withoutEnvironment(task),
  };
  const unknownWords = user === null ? [unknownStatus(word, words`read as todo`)] : [];
  return { item, oddities: [...unknownWords, ...unknownSessionWords(reports)] };
}

/** Returns the status with its details. A session's note is shown if that session determines the status. */
function stateOf(
  task: Json,
  { word, user }: { readonly word: PlainText; readonly user: UserStatus | null },
  { reports, asked }: { readonly reports: readonly DecodedReport[]; readonly asked: Asked },
  read: ReadMoment,
): TaskState {
  const status = taskStatus(
    user,
    reports.map((report) => report.status),
  );
  switch (status) {
    case 'completed': {
      const last = newest(reports, 'completed');
      const endedAt = user === 'completed' ? read(task.completedAt) : (last?.updatedAt ?? null);
      return { status, endedAt, result: last?.notes ?? null };
    }
    case 'cancelled':
      return { status, endedAt: null, reason: user === 'archived' ? words`archived` : null };
    case 'failed': {
      const last = newest(reports, 'failed');
      return { status, endedAt: last?.updatedAt ?? null, error: last?.notes ?? null };
    }
    case 'needs-input':
      return {
        status,
        reason: asked.answered ? words`answered: ${asked.answered}` : questionWords(asked, reports),
      };
    case 'waiting':
      return { status, reason: wordsOf(newest(reports, 'blocked'), 'blocked') };
    case 'running': {
      const review = user === 'inreview' ? words`in review` : null;
      return { status, reason: newest(reports, 'working')?.notes ?? review };
    }
    case 'queued':
      return { status, reason: user === null ? word : (newest(reports, null)?.status ?? null) };
    default:
      return status satisfies never;
  }
}

function newest(reports: readonly DecodedReport[], status: DecodedReport['status']): Session | null {
  const candidates = reports.filter((report) => report.status === status).map(({ session }) => session);
  return candidates.reduce<Session | null>(
    (best, one) => (best && (best.updatedAt ?? 0) > (one.updatedAt ?? 0) ? best : one),
    null,
  );
}

function wordsOf(session: Session | null, what: string): PlainText {
  if (session?.notes) return session.notes;
  return plainName(session ? `${session.name ?? session.id}: ${what}` : what);
}

function questionWords({ question }: Asked, reports: readonly DecodedReport[]): PlainText {
  return question?.text ?? wordsOf(newest(reports, 'needs_input'), 'needs input');
}

function withoutRetried(
  reports: readonly DecodedReport[],
  retriedAt: number | null,
): readonly DecodedReport[] {
  if (retriedAt === null) return reports;
  return reports.filter(({ status, session }) => status !== 'failed' || (session.updatedAt ?? 0) > retriedAt);
}

const PRIORITIES: Readonly<Record<string, number>> = { high: 1, medium: 2, low: 3 };

/** Returns the priority as a number; a lower one comes first, as everywhere. */
function priorityOf(raw: unknown): number | null {
  if (typeof raw === 'string') return PRIORITIES[raw.toLowerCase()] ?? null;
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : null;
}

const LABELS = { priority: 'priority', projectId: 'project', parentId: 'parent', dueDate: 'due' } as const;

function unknownSessionWords(reports: readonly DecodedReport[]): Oddity[] {
  const [first] = reports.filter(({ status }) => status === null);
  if (!first) return [];
  const { id, status } = first.session;
  return [
    {
      kind: 'unknown-word',
      what: words`unknown status "${status}" of session ${plainName(id)}: ignored`,
    },
  ];
}
