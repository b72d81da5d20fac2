import { words } from '../../model/text.ts';
import type { TaskDraft } from '../../sources/kit/task-draft.ts';
import type { ClaudeSession } from './format.ts';
import type { KeptList } from './kept-list.ts';
import { jobRow, listRow, type ReadJob, sessionRow } from './rows.ts';

/** What there is to be joined. */
export interface ClaudeFacts {
  /** Those whose processes are there. */
  readonly sessions: readonly ClaudeSession[];
  readonly jobs: readonly ReadJob[];
  readonly lists: ReadonlyMap<string, KeptList>;
}

/** These processes start the others, and are nobody's session. */
const SUPERVISORS: readonly string[] = ['daemon', 'daemon-worker'];

/** Returns the sessions by which the lists are known that belong to one session each. */
export function ownedLists({ sessions, jobs }: Pick<ClaudeFacts, 'sessions' | 'jobs'>): ReadonlySet<string> {
  return new Set([
    ...sessions.flatMap(({ sessionId }) => sessionId ?? []),
    ...jobs.flatMap(({ state }) => state.value.sessionIds),
  ]);
}

/** Joins what belongs together: a row for each job, each session that is no job's, and each list that is no session's. */
export function joinRows(facts: ClaudeFacts, nowMs: number): TaskDraft[] {
  const { sessions, jobs, lists } = facts;
  const ofJobs = sessionsOfJobs(
    jobs.map(({ state }) => state.value),
    sessions,
  );
  const owned = ownedLists(facts);
  const rows = new Map<string, TaskDraft>();
  const add = (row: TaskDraft | null) => {
    if (row && !rows.has(row.nativeId)) rows.set(row.nativeId, row);
  };
  for (const job of jobs) {
    const { id, sessionIds } = job.state.value;
    const session = ofJobs.get(id) ?? null;
    const own = [session?.sessionId ?? '', ...sessionIds].map((name) => lists.get(name));
    add(jobRow(job, session, own.find((list) => list?.tasks.length) ?? null, nowMs));
  }
  const taken = new Set(ofJobs.values());
  const others = sessions.filter((one) => !taken.has(one) && !SUPERVISORS.includes(one.kind));
  for (const session of others.sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))) {
    const id = session.sessionId ?? words`pid ${session.pid}`;
    // Two processes may have the same session open.
    const nativeId = rows.has(id) ? `${id} ${session.pid}` : id;
    add(sessionRow(session, nativeId, lists.get(session.sessionId ?? '') ?? null));
  }
  for (const [name, list] of lists) if (!owned.has(name)) add(listRow(name, list, nowMs));
  return [...rows.values()];
}

/** Returns each job's living process: the one that names the job, else one that works in its session, the newest first. */
export function sessionsOfJobs(
  jobs: readonly { readonly id: string; readonly sessionIds: readonly string[] }[],
  living: readonly ClaudeSession[],
): ReadonlyMap<string, ClaudeSession> {
  const found = new Map<string, ClaudeSession>();
  const newestFirst = [...living].sort((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
  const byJob = new Map<string, ClaudeSession>();
  const bySession = new Map<string, ClaudeSession>();
  for (const session of newestFirst) {
    if (session.jobId !== null && !byJob.has(session.jobId)) byJob.set(session.jobId, session);
    if (session.sessionId !== null && !bySession.has(session.sessionId))
      bySession.set(session.sessionId, session);
  }
  for (const { id, sessionIds } of jobs) {
    const session = byJob.get(id) ?? sessionIds.map((one) => bySession.get(one)).find((one) => one);
    if (session) found.set(id, session);
  }
  return found;
}
