import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { type ReadMoment, readMoment } from '../../model/moment.ts';
import type { Session } from '../../model/task.ts';
import { plainName, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';

import { readSessionStatus, type SessionStatus, sessionMeaning } from './words.ts';

/** One session's report on a task: as it is shown, and what its word means (null if unknown). */
export interface DecodedReport {
  readonly session: Session;
  readonly status: SessionStatus | null;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Decodes the reports in a task's own document: `sessionProgress`, and `taskSessionStatuses` for the sessions that are not in
 * it. If both are missing, the single status of earlier versions counts as that of one session.
 */
export function decodeSessions(task: Json, read: ReadMoment = readMoment): DecodedReport[] {
  const reports = new Map<string, DecodedReport>();
  for (const [id, status] of Object.entries(jsonObject(task.taskSessionStatuses) ?? {}).slice(0, STEP_LIMIT))
    put(reports, reportOf(id, status));
  for (const entry of progressEntries(task.sessionProgress, read)) put(reports, entry);
  if (reports.size === 0) put(reports, singleReport(task));
  return [...reports.values()];
}

/** Adds a session. If it is listed twice, its last word counts. */
function put(reports: Map<string, DecodedReport>, report: DecodedReport | null): void {
  if (report) reports.set(report.session.id, report);
}

function progressEntries(raw: unknown, read: ReadMoment): (DecodedReport | null)[] {
  const listed: unknown[] = Array.isArray(raw) ? raw.slice(0, STEP_LIMIT) : [];
  return listed.map((entry) => {
    const session = jsonObject(entry);
    return session && reportOf(session.sessionId ?? session.id, session.status, session, read);
  });
}

/** Reads `sessionStatus` or `agentStatus`, from before a task could have several sessions. */
function singleReport(task: Json): DecodedReport | null {
  const status = task.sessionStatus ?? task.agentStatus;
  if (plainNameOrNull(status) === null) return null;
  const listed: unknown = Array.isArray(task.sessionIds) ? task.sessionIds.at(-1) : undefined;
  const id = task.sessionId ?? listed ?? task.agentId ?? ('sessionStatus' in task ? 'session' : 'agent');
  return reportOf(id, status, { notes: task.sessionNotes ?? task.agentNotes });
}

function reportOf(
  rawId: unknown,
  rawStatus: unknown,
  rest: Json = {},
  read: ReadMoment = readMoment,
): DecodedReport | null {
  const id = plainNameOrNull(rawId);
  if (id === null) return null;
  const word = plainNameOrNull(rawStatus) ?? words`queued`;
  const status = readSessionStatus(word);
  return {
    status,
    session: {
      id: plainName(id),
      status: word,
      ...sessionMeaning(status),
      updatedAt: read(rest.lastUpdated ?? rest.updatedAt),
      notes: plainTextOrNull(rest.notes),
    },
  };
}
