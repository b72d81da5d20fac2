import type { CallToolResult } from '@modelcontextprotocol/server';
import { checkAgainIn } from '../../../eta/check-again.ts';
import type { Io } from '../../../io/io.ts';
import { type Problem, problemText } from '../../../model/problem.ts';
import { type TaskDocument, taskDocument } from '../../../present/snapshot.ts';
import type { TaskEntry } from '../../../store/state.ts';
import type { Session } from '../../session/session.ts';

/** Returns a document as a tool's result: structured, and as text for clients that read only that. */
export function told(document: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(document) }], structuredContent: document };
}

/** Returns the reason why a tool could not do what it was asked to do. */
export function refusedResult(problem: Pick<Problem, 'message' | 'hint'>): CallToolResult {
  return { content: [{ type: 'text', text: problemText(problem) }], isError: true };
}

/** Returns everything that is known about a task. */
export function wholeTask(entry: TaskEntry, { monitor, settings }: Session, { clock }: Io): TaskDocument {
  return taskDocument(entry, {
    nowMs: clock.now(),
    stallAfterMs: settings.stallAfter * 1000,
    readOnly: settings.readOnly,
    estimate: monitor.estimate,
  });
}

/** Returns what an agent needs to know about a task in a list: its state, the reason, and when to look again. */
export function briefTask(entry: TaskEntry, session: Session, io: Io) {
  const { id, name, status, progress, reason, error, question, eta, cwd, repo, host, lastLine } = wholeTask(
    entry,
    session,
    io,
  );
  const estimate = session.monitor.estimate(entry.task.id, io.clock.now());
  const known = { progress, reason, error, question, eta, cwd, repo, host, lastLine };
  return {
    id,
    name,
    status,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)),
    ...(status === 'running' && { check_again_in: checkAgainIn(estimate) }),
  };
}
