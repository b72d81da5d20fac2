import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { type ReadMoment, readMoment } from '../../model/moment.ts';
import type { Problem } from '../../model/problem.ts';
import { readStatusWord } from '../../model/status-words.ts';
import type { Note, TaskState } from '../../model/task.ts';
import { plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';
import { decodeIds, decodeLabels, latestOf } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, type Oddity, unknownStatus } from '../kit/decode-list.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { withWaiting } from '../kit/waiting.ts';

/** A failed task with this result was cancelled, for which the format has no word. */
export const CANCELLED_RESULT = 'Cancelled';

/**
 * Reads a task breakdown (docs/sources.md), which may be anything; returns null if it is not a breakdown. A caller that reads
 * many passes a `decodeTask` that remembers.
 */
export function decodeTaskBreakdown(
  document: unknown,
  decodeTask: (raw: unknown) => DecodedItem<TaskDraft> = (raw) => decodeBreakdownTask(raw),
): { readonly tasks: readonly TaskDraft[]; readonly problem: Problem | null } | null {
  const listed = jsonObject(document)?.tasks;
  if (!Array.isArray(listed)) return null;
  const { items, problem } = decodeList(listed, words`tasks`, decodeTask);
  const byId = new Map(items.map((task) => [task.nativeId, task.state]));
  // The file has no word for a task that waits for others.
  return { tasks: items.map((task) => withWaiting(task, byId)), problem };
}

/**
 * Returns how sure it is that this JSON document is a breakdown: 2 by the keys beside its tasks, 1 by the tasks alone, 0 if it
 * is not. Other formats have `tasks` too; those of a breakdown have descriptions, and no sessions.
 */
export function taskBreakdownRank(raw: unknown): 0 | 1 | 2 {
  const document = jsonObject(raw);
  if (!Array.isArray(document?.tasks)) return 0;
  const tasks = document.tasks.map(jsonObject).filter((task) => task !== null);
  if (tasks.some((task) => 'sessionProgress' in task || 'title' in task || 'sessionIds' in task)) return 0;
  if ('generated_at' in document || 'total_tasks' in document) return 2;
  return tasks.some((task) => 'id' in task && 'description' in task && !('name' in task)) ? 1 : 0;
}

/** Reads one of `tasks` before the states of its dependencies are known: a pending one is queued. `read` reads its times. */
export function decodeBreakdownTask(raw: unknown, read: ReadMoment = readMoment): DecodedItem<TaskDraft> {
  const task = jsonObject(raw);
  if (!task) return { wrong: words`it is not a JSON object` };
  const nativeId = plainNameOrNull(task.id);
  if (nativeId === null) return { wrong: words`it has no id` };

  const oddities: Oddity[] = [];
  const notes = decodeNotes(task.notes, read);
  const item: TaskDraft = {
    ...BARE_DRAFT,
    nativeId,
    name: plainNameOrNull(task.description) ?? nativeId,
    state: decodeState(task, read, oddities),
    startedAt: read(task.started_at),
    updatedAt: lastStamp(task, notes, read),
    attempts: wholeNumber(task.attempts) ?? 1,
    priority: finiteNumber(task.priority),
    dependencies: decodeDependencies(task.dependencies),
    notes,
    labels: decodeLabels(LABELS.map((key) => [key, task[key]])),
    mayBeQuiet: true,
    raw,
  };
  return { item, oddities };
}

/**
 * Decodes the state. A retried task keeps what its last run left: `completed_at` and `result` count only if the status says so.
 */
function decodeState(
  task: Readonly<Record<string, unknown>>,
  read: ReadMoment,
  oddities: Oddity[],
): TaskState {
  const endedAt = read(task.completed_at);
  const result = plainTextOrNull(task.result);
  const status = readStatusWord(task.status ?? 'pending');
  switch (status) {
    case 'queued':
    case 'running':
      return { status, reason: null };
    case 'completed':
      return { status, endedAt, result };
    case 'cancelled':
      return { status, endedAt, reason: null };
    case 'failed':
      return result === CANCELLED_RESULT
        ? { status: 'cancelled', endedAt, reason: null }
        : { status: 'failed', endedAt, error: result };
    default: {
      const word = plainNameOrNull(task.status) ?? words`(no word)`;
      oddities.push(unknownStatus(word));
      return { status: 'queued', reason: word };
    }
  }
}

function decodeDependencies(raw: unknown): string[] {
  const listed: unknown[] = Array.isArray(raw) ? raw : [raw];
  return decodeIds(listed.slice(0, STEP_LIMIT));
}

function decodeNotes(raw: unknown, read: ReadMoment): Note[] {
  const listed: unknown[] = Array.isArray(raw) ? raw : [raw];
  return listed.slice(-STEP_LIMIT).flatMap((entry) => {
    const note = jsonObject(entry);
    const text = plainTextOrNull(note ? note.note : entry);
    return text === null ? [] : [{ at: read(note?.timestamp), text }];
  });
}

const LABELS = ['module', 'estimated_complexity'] as const;

function lastStamp(
  task: Readonly<Record<string, unknown>>,
  notes: readonly Note[],
  read: ReadMoment,
): number | null {
  const keys = ['status_updated_at', 'updated_at', 'started_at', 'completed_at'];
  return latestOf([...keys.map((key) => read(task[key])), ...notes.map(({ at }) => at)]);
}

function finiteNumber(raw: unknown): number | null {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function wholeNumber(raw: unknown): number | null {
  const value = finiteNumber(raw);
  return value === null || value < 0 ? null : Math.floor(value);
}
