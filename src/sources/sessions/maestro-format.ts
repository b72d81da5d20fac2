import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { Note } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeIds } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList } from '../kit/decode-list.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { assembleTask } from './format.ts';
import { NO_COORDINATOR } from './maestro-answer.ts';
import type { MaestroSession } from './maestro-session.ts';
import type { DecodedReport } from './reports.ts';
import { readSessionStatus, type SessionStatus, sessionHasEnded, sessionMeaning } from './words.ts';

/** Everything that a Maestro knows; all but the tasks has been decoded. */
export interface MaestroData {
  readonly tasks: readonly unknown[];
  readonly sessions: ReadonlyMap<string, MaestroSession>;
  readonly projects: ReadonlyMap<string, MaestroProject>;
}

export interface MaestroProject {
  readonly id: string;
  readonly name: PlainText | null;
  /** Whether it is the program's own project: nothing in it is anybody's work. */
  readonly isMaster: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** How many of its sessions' messages a task shows. */
const NOTES_SHOWN = 100;

export function decodeMaestroProject(raw: unknown): MaestroProject | null {
  const project = jsonObject(raw);
  const id = plainNameOrNull(project?.id);
  return project && id !== null
    ? { id, name: plainNameOrNull(project.name), isMaster: project.isMaster === true }
    : null;
}

/** Indexes by id what could be read. */
export function byId<T extends { readonly id: string }>(all: readonly (T | null)[]): ReadonlyMap<string, T> {
  return new Map(all.filter((each) => each !== null).map((each) => [each.id, each]));
}

/**
 * Creates a decoder of the tasks without the program's own ones, for repeated readings: a task that is the same object as
 * before, with the same sessions, is not decoded again.
 */
export function createMaestroDecoder(): (data: MaestroData) => {
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
} {
  const memo = new WeakMap<object, { readonly from: readonly unknown[]; readonly decoded: DecodedTask }>();

  function decodeTask(raw: unknown, data: MaestroData): DecodedTask {
    const task = jsonObject(raw);
    if (!task) return decodeMaestroTask(raw, data);
    const from = [projectOf(task, data), ...sessionIds(task).map((id) => data.sessions.get(id))];
    const known = memo.get(task);
    if (known && known.from.length === from.length && known.from.every((each, index) => each === from[index]))
      return known.decoded;
    const decoded = decodeMaestroTask(raw, data);
    memo.set(task, { from, decoded });
    return decoded;
  }

  return (data) => {
    const real = data.tasks.filter((raw) => !isPhantom(jsonObject(raw), data));
    const { items, problem } = decodeList(real, words`tasks`, (raw) => decodeTask(raw, data));
    return { tasks: items, problem };
  };
}

type DecodedTask = DecodedItem<TaskDraft>;

/**
 * Tells whether a task is hidden: those of the master project, and the one that comes with a new project and that nobody asked
 * for.
 */
function isPhantom(task: Json | null, data: MaestroData): boolean {
  const request = task?.clientRequestId;
  if (typeof request === 'string' && request.startsWith('system-')) return true;
  return task !== null && projectOf(task, data)?.isMaster === true;
}

function projectOf(task: Json, { projects }: MaestroData): MaestroProject | undefined {
  return projects.get(plainNameOrNull(task.projectId) ?? '');
}

/** Reads one task together with its sessions' reports. */
export function decodeMaestroTask(raw: unknown, data: MaestroData): DecodedTask {
  const task = jsonObject(raw);
  if (!task) return { wrong: words`it is not a JSON object` };
  const ids = sessionIds(task);
  const decoded = assembleTask(
    task,
    ids.map((id) => reportOf(id, task, data.sessions.get(id))),
  );
  if ('wrong' in decoded) return decoded;
  const project = projectOf(task, data)?.name;
  const { question } = decoded.item;
  const asking = ids.map((id) => data.sessions.get(id)).filter((session) => session?.question);
  const isReachable = asking.some(
    (session) => session?.parentId && session.question?.text === question?.text,
  );
  const item: TaskDraft = {
    ...decoded.item,
    ...(question && !isReachable && { question: { ...question, refusal: NO_COORDINATOR } }),
    notes: messages(ids, decoded.item.nativeId, data),
    labels: { ...decoded.item.labels, ...(project ? { project } : {}) },
  };
  return { ...decoded, item };
}

/** Returns the sessions that the task lists, and any others that have reported on it. */
function sessionIds(task: Json): string[] {
  const listed: unknown[] = Array.isArray(task.sessionIds) ? task.sessionIds : [];
  const reporting = Object.keys(jsonObject(task.taskSessionStatuses) ?? {});
  return decodeIds([...listed, ...reporting]).slice(0, STEP_LIMIT);
}

/** Returns a session's report on this task: its word on the task, or else what it says about itself. */
function reportOf(id: string, task: Json, session: MaestroSession | undefined): DecodedReport {
  const word = reportedWord(id, task);
  const reported = word === null ? null : readSessionStatus(word);
  const own = lastEntry(session, plainNameOrNull(task.id) ?? '');
  const named = { id, ...(session?.name ? { name: session.name } : {}) };
  const said = { ...named, updatedAt: own?.at ?? null, notes: own?.text ?? null };

  const saying = (status: SessionStatus | null, shown: PlainText): DecodedReport => ({
    status,
    session: { ...said, status: shown, ...sessionMeaning(status) },
  });

  if (session?.question && !sessionHasEnded(reported)) {
    const { at, text } = session.question;
    const asking = saying('needs_input', words`needs_input`);
    return { ...asking, session: { ...asking.session, updatedAt: at, notes: text ?? said.notes } };
  }
  // A session that is gone does not work on anything, whatever it said last.
  const isOutdated = session?.hasEnded === true && !sessionHasEnded(reported);
  if (word !== null && !isOutdated) return saying(reported, word);
  return session ? saying(session.status, session.word) : saying('idle', words`unknown`);
}

function reportedWord(id: string, task: Json): PlainText | null {
  const words = jsonObject(task.taskSessionStatuses);
  if (words && Object.hasOwn(words, id)) return plainNameOrNull(words[id]);
  // An earlier version had one word for all: it is the last session's.
  const isLast = Array.isArray(task.sessionIds) && task.sessionIds.at(-1) === id;
  return words || !isLast ? null : plainNameOrNull(task.sessionStatus);
}

function lastEntry(session: MaestroSession | undefined, taskId: string): Note | undefined {
  return session?.entries.get(taskId)?.at(-1) ?? session?.entries.get(null)?.at(-1);
}

/** Returns the sessions' messages about this task, in chronological order. */
function messages(ids: readonly string[], taskId: string, { sessions }: MaestroData): Note[] {
  const all = ids.flatMap((id) => {
    const session = sessions.get(id);
    const own = session?.entries.get(taskId) ?? [];
    const who = ids.length > 1 ? words`${session?.name ?? plainName(id)}: ` : '';
    return own.map(({ at, text }): Note => ({ at, text: words`${who}${text}` }));
  });
  return all.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).slice(-NOTES_SHOWN);
}
