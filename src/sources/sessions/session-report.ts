import { jsonObject } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import { joined, type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { type RawTask, stamp } from './board-task.ts';
import { RETRIED_AT } from './format.ts';
import { refusal } from './refusal.ts';
import { type DecodedReport, decodeSessions } from './reports.ts';
import {
  type Dialect,
  type ReportedStatus,
  type SessionStatus,
  sessionHasEnded,
  sessionMoves,
} from './words.ts';

/** What one session reports on a task. */
export interface SessionReport {
  readonly sessionId: string;
  readonly status: ReportedStatus;
  /** null leaves the note as it is, as long as the status stays. */
  readonly notes: string | null;
}

/** Writes a session's report into a task, without touching the user's status. Throws a `RewriteError` for a forbidden move. */
export function applyReport(task: RawTask, report: SessionReport, dialect: Dialect, nowMs: number): void {
  const { sessionId, status, notes } = report;
  const reports = decodeSessions(task);
  const before = reports.find(({ session }) => session.id === plainName(sessionId));
  checkMove(plainNameOrNull(task.id) ?? '', standing(before, task), status);

  const entries = progressOf(task, reports);
  const known = entries.findLast((entry) => idOf(entry) === plainName(sessionId));
  const entry: RawTask = known ?? { sessionId };
  if (!known) entries.push(entry);
  if (notes !== null) entry.notes = notes;
  else if (before && before.status !== status) delete entry.notes; // it was about what is over
  entry.status = status;
  entry.lastUpdated = stamp(entry.lastUpdated ?? '', dialect, nowMs);
  task.sessionProgress = entries;

  const words = jsonObject(task.taskSessionStatuses);
  if (words) task.taskSessionStatuses = { ...words, [sessionId]: status };
  if ('updatedAt' in task) task.updatedAt = stamp(task.updatedAt, dialect, nowMs);
}

/** Throws a `RewriteError` that names the allowed moves; repeating the same status is not a move. */
export function checkMove(taskId: string, from: SessionStatus | null, to: ReportedStatus): void {
  const allowed = sessionMoves(from);
  if (from === to || allowed.includes(to)) return;
  const stands =
    from === null ? words`this session has not begun it` : words`this session's status is ${from}`;
  throw refusal(
    words`${plainName(taskId)}: ${stands}, so it cannot become ${to}`,
    allowed.length === 0 ? words`it is final` : words`allowed: ${joined(allowed, ', ')}`,
  );
}

/** Returns the session's status. After the user's retry, a session that had ended starts again. */
function standing(report: DecodedReport | undefined, task: RawTask): SessionStatus | null {
  if (!report?.status) return null;
  const retriedAt = readMoment(task[RETRIED_AT]);
  const isOver = sessionHasEnded(report.status) && retriedAt !== null;
  return isOver && (report.session.updatedAt ?? 0) <= retriedAt ? null : report.status;
}

/** Returns the id in the form of the view; in the file, it may be a number. */
function idOf(entry: unknown): PlainText | null {
  const session = jsonObject(entry);
  return plainNameOrNull(session?.sessionId ?? session?.id);
}

/** Returns the list to write into: a task of an earlier version keeps the report of its single session. */
function progressOf(task: RawTask, reports: readonly DecodedReport[]): RawTask[] {
  const listed: unknown = task.sessionProgress;
  if (Array.isArray(listed) && listed.length > 0) return listed;
  if (jsonObject(task.taskSessionStatuses)) return [];
  return reports.map(({ session }) => ({ sessionId: session.id, status: session.status }));
}
