import { hasEnded } from '../../model/task.ts';
import { words } from '../../model/text.ts';
import type { TaskDraft } from '../../sources/kit/task-draft.ts';
import type { ClaudeSession } from './format.ts';
import type { KeptJournal } from './hooks/journal.ts';
import { type HeldAsk, heldAsk, signalledRow, withSignals } from './hooks/signalled-rows.ts';
import type { KeptList } from './kept-list.ts';
import { jobRow, listRow, type ReadJob, sessionRow } from './rows.ts';

/** What is to be joined. */
export interface ClaudeFacts {
  /** Those whose processes are alive. */
  readonly sessions: readonly ClaudeSession[];
  readonly jobs: readonly ReadJob[];
  readonly lists: ReadonlyMap<string, KeptList>;
  /** What our hooks have recorded, by session. */
  readonly journals?: ReadonlyMap<string, KeptJournal>;
  /** Whether this Claude Code keeps a file for each session: then a session without one does not exist. */
  readonly keepsSessions?: boolean;
}

/** The rows, and what can be answered from here, by native id. */
export interface JoinedRows {
  readonly rows: TaskDraft[];
  readonly held: ReadonlyMap<string, HeldAsk>;
}

/** These processes start the others, and are nobody's session. */
const SUPERVISORS: readonly string[] = ['daemon', 'daemon-worker'];

/** Returns the ids of the sessions that have a list of their own, which are also the names of those lists. */
export function ownedLists({ sessions, jobs }: Pick<ClaudeFacts, 'sessions' | 'jobs'>): ReadonlySet<string> {
  return new Set([
    ...sessions.flatMap(({ sessionId }) => sessionId ?? []),
    ...jobs.flatMap(({ state }) => state.value.sessionIds),
  ]);
}

/** Joins what belongs together: a row for each job, each session that is not a job's, and each list that is not a session's. */
export function joinRows(facts: ClaudeFacts, nowMs: number): JoinedRows {
  const { sessions, jobs, lists, journals = new Map<string, KeptJournal>() } = facts;
  const ofJobs = sessionsOfJobs(
    jobs.map(({ state }) => state.value),
    sessions,
  );
  const owned = ownedLists(facts);
  const rows = new Map<string, TaskDraft>();
  const held = new Map<string, HeldAsk>();
  const told = new Set<string>();
  /** Adds a row, with what was recorded for the first of its sessions that is known. */
  const add = (row: TaskDraft | null, ids: readonly string[] = [], session: ClaudeSession | null = null) => {
    if (!row || rows.has(row.nativeId)) return;
    for (const id of ids) told.add(id);
    const journal = ids.map((id) => journals.get(id)).find((one) => one !== undefined);
    const ask = journal && !hasEnded(row.state.status) ? heldAsk(journal, session, nowMs) : null;
    if (ask) held.set(row.nativeId, ask);
    rows.set(row.nativeId, journal ? withSignals(row, journal, session, ask) : row);
  };
  for (const job of jobs) {
    const { id, sessionIds } = job.state.value;
    const session = ofJobs.get(id) ?? null;
    const ids = [session?.sessionId ?? '', ...sessionIds];
    const own = ids.map((name) => lists.get(name));
    add(jobRow(job, session, own.find((list) => list?.tasks.length) ?? null, nowMs), ids, session);
  }
  const taken = new Set(ofJobs.values());
  const others = sessions.filter((one) => !taken.has(one) && !SUPERVISORS.includes(one.kind));
  for (const session of others.sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))) {
    const id = session.sessionId ?? words`pid ${session.pid}`;
    // Two processes may have the same session open.
    const nativeId = rows.has(id) ? `${id} ${session.pid}` : id;
    const row = sessionRow(session, nativeId, lists.get(session.sessionId ?? '') ?? null);
    add(row, session.sessionId === null ? [] : [session.sessionId], session);
  }
  for (const [id, journal] of journals) {
    if (facts.keepsSessions || told.has(id) || rows.has(id)) continue;
    const ask = heldAsk(journal, null, nowMs);
    const row = signalledRow(journal, ask, nowMs);
    if (row) rows.set(id, row);
    if (row && ask) held.set(id, ask);
  }
  for (const [name, list] of lists) if (!owned.has(name)) add(listRow(name, list, nowMs));
  return { rows: [...rows.values()], held };
}

/** Returns each job's living process: the one that names the job, else one that works in its session, the newest first. */
function sessionsOfJobs(
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
