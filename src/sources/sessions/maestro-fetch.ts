import { jsonObject } from '../../model/json.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainNameOrNull, words } from '../../model/text.ts';
import { withoutEnvironment } from './environment.ts';
import { listIn, type MaestroClient } from './maestro-client.ts';
import { byId, decodeMaestroProject, type MaestroData } from './maestro-format.ts';
import { decodeMaestroSession, type MaestroSession } from './maestro-session.ts';

/** Asks a server for everything that it knows, again and again. */
export interface MaestroFetch {
  /** Never throws; returns `down` if the tasks are not available. */
  read(): Promise<MaestroData | { readonly down: Problem }>;
}

/** The list of sessions lacks their timelines: this many are requested one by one in each round. */
const DETAILS_AT_MOST = 200;
const AT_ONCE = 4;

export function createMaestroFetch(client: MaestroClient): MaestroFetch {
  /** The details of a session, and the line of the list to which they belong. */
  let details = new Map<string, { readonly line: string; readonly session: MaestroSession }>();
  let hasDetails = true;
  /** Whether it has left such a request unanswered. Then the tasks do not wait for the others. */
  let isSilent = false;

  async function read(): Promise<MaestroData | { readonly down: Problem }> {
    const [tasks, sessions, projects] = await Promise.all([
      client.request('GET', '/api/tasks'),
      client.request('GET', '/api/sessions'),
      client.request('GET', '/api/projects'),
    ]);
    const listed = tasks.kind === 'ok' ? listIn(tasks.value) : null;
    if (tasks.kind === 'failed') return { down: tasks.problem };
    if (!listed) return { down: notTasks(client) };
    if (sessions.kind === 'failed' && sessions.status !== 404) return { down: sessions.problem };
    // A server of another version may have no such list; then there are only the tasks' own words.
    const lines = ((sessions.kind === 'ok' && listIn(sessions.value)) || []).map((raw) =>
      withoutEnvironment(raw),
    );
    const known = (projects.kind === 'ok' && listIn(projects.value)) || [];
    return {
      tasks: listed,
      sessions: await readSessions(lines, openTasks(listed)),
      projects: byId(known.map(decodeMaestroProject)),
    };
  }

  /** Reads sessions. A working one may have news at any time; an ended one has no more. */
  async function readSessions(
    lines: readonly unknown[],
    isOpen: (taskId: unknown) => boolean,
  ): Promise<ReadonlyMap<string, MaestroSession>> {
    const sessions = new Map(byId(lines.map(decodeMaestroSession)));
    const kept = new Map<string, { readonly line: string; readonly session: MaestroSession }>();
    const wanted: { readonly id: string; readonly line: string }[] = [];
    for (const raw of lines) {
      const id = plainNameOrNull(jsonObject(raw)?.id);
      const listed = id === null ? undefined : sessions.get(id);
      if (id === null || !listed || isWhole(raw)) continue;
      const line = JSON.stringify(raw);
      const before = details.get(id);
      if (before && listed.hasEnded && before.line === line) kept.set(id, before);
      else if (taskIdsOf(raw).some(isOpen)) wanted.push({ id, line });
    }
    isSilent = false;
    const last = Math.min(wanted.length, DETAILS_AT_MOST);
    for (let from = 0; hasDetails && !isSilent && from < last; from += AT_ONCE) {
      const batch = wanted.slice(from, from + AT_ONCE);
      const read = await Promise.all(batch.map(({ id }) => readSession(id)));
      for (const [index, session] of read.entries())
        if (session) kept.set(session.id, { line: batch[index]?.line ?? '', session });
    }
    details = kept;
    for (const [id, { session }] of kept) sessions.set(id, session);
    return sessions;
  }

  async function readSession(id: string): Promise<MaestroSession | null> {
    const answer = await client.request('GET', `/api/sessions/${encodeURIComponent(id)}`);
    if (answer.kind === 'ok') return decodeMaestroSession(answer.value);
    if (answer.status === 404) hasDetails = false;
    if (answer.status === null) isSilent = true;
    return null;
  }

  return { read };
}

/** Tells whether the list contains everything about the session. */
function isWhole(raw: unknown): boolean {
  return Array.isArray(jsonObject(raw)?.timeline);
}

function taskIdsOf(raw: unknown): readonly unknown[] {
  const ids = jsonObject(raw)?.taskIds;
  return Array.isArray(ids) ? ids : [];
}

/** Returns whether a task is open. Nobody needs the notes of sessions on a task that the user has closed. */
function openTasks(tasks: readonly unknown[]): (taskId: unknown) => boolean {
  const open = tasks
    .map(jsonObject)
    .filter((task) => task?.status !== 'cancelled' && task?.status !== 'archived');
  const ids = new Set(open.map((task) => task?.id));
  return (taskId) => ids.has(taskId);
}

/** Returns the problem of an answer that is not a Maestro's list of tasks. */
export function notTasks(client: MaestroClient): Problem {
  return problem(
    'malformed',
    'down',
    words`${client.where}/api/tasks is not a list of tasks`,
    'is it a Maestro server?',
  );
}
