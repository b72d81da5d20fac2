import { RewriteError } from '../../io/rewrite-json.ts';
import { jsonObject } from '../../model/json.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { type Answer, listIn, type MaestroClient, taskPath } from './maestro-client.ts';
import { createMaestroFetch, notTasks } from './maestro-fetch.ts';
import { createMaestroDecoder } from './maestro-format.ts';
import { decodeMaestroSession, type MaestroSession } from './maestro-session.ts';
import type { TaskPlace } from './place.ts';
import { refusal } from './refusal.ts';
import { decodeSessions } from './reports.ts';
import { checkMove, type SessionReport } from './session-report.ts';
import type { ReportedStatus } from './words.ts';

/** Creates the place where sessions report to a Maestro server. New tasks go into `projectId`. */
export function createMaestroPlace(options: {
  readonly client: MaestroClient;
  readonly projectId: string | undefined;
}): TaskPlace {
  const { client, projectId } = options;

  async function reportOn(id: string, report: SessionReport): Promise<PlainText[]> {
    const task = await readTask(client, id);
    const session = await readSession(client, report.sessionId);
    const said = decodeSessions({ ...task, agentStatus: undefined, sessionStatus: undefined }).find(
      (each) => each.session.id === report.sessionId,
    );
    checkMove(id, session?.question ? 'needs_input' : (said?.status ?? null), report.status);
    if (session?.question && report.status !== 'needs_input')
      orThrow(
        await client.request('PATCH', sessionPath(report.sessionId), { needsInput: { active: false } }),
      );
    if (said?.status !== report.status || session?.question) await tellStatus(client, id, report);
    return report.notes === null ? [] : tellNotes(client, id, report, report.notes);
  }

  return {
    async list() {
      const data = await createMaestroFetch(client).read();
      if ('down' in data) throw new RewriteError(data.down);
      return createMaestroDecoder()(data).tasks;
    },
    async report(ids, report) {
      const warnings: PlainText[] = [];
      for (const id of ids) warnings.push(...(await reportOn(id, report)));
      return warnings;
    },
    async add({ id, dependencies, ...task }) {
      if (id !== undefined || dependencies !== undefined)
        throw refusal(
          words`a Maestro server chooses the id itself and takes no dependencies`,
          words`--board FILE takes both`,
        );
      if (!projectId)
        throw refusal(words`no project is named`, words`set MAESTRO_PROJECT_ID to the one it belongs to`);
      const made = jsonObject(orThrow(await client.request('POST', '/api/tasks', { projectId, ...task })));
      return plainNameOrNull(made?.id) ?? '';
    },
  };
}

/** Reports a status, first in the design's word; a server that does not know it gets its own word. */
async function tellStatus(client: MaestroClient, id: string, report: SessionReport): Promise<void> {
  const { sessionId, status } = report;
  const say = (word: string) =>
    client.request('PATCH', taskPath(id), { sessionStatus: word, updateSource: 'session', sessionId });
  const first = await say(status);
  const isUnknownWord = first.kind === 'failed' && first.status === 400;
  if (!isUnknownWord) return void orThrow(first);
  if (status === 'queued')
    return void orThrow(
      await client.request('POST', `${sessionPath(sessionId)}/tasks/${encodeURIComponent(id)}`),
    );
  if (status === 'cancelled') return void orThrow(await say('skipped'));
  if (status !== 'needs_input') return void orThrow(first);
  const needsInput = { active: true, ...(report.notes === null ? {} : { message: report.notes }) };
  orThrow(await client.request('PATCH', sessionPath(sessionId), { needsInput }));
}

const TIMELINE_TYPES: Readonly<Record<ReportedStatus, string>> = {
  queued: 'progress',
  working: 'progress',
  needs_input: 'needs_input',
  blocked: 'task_blocked',
  completed: 'task_completed',
  failed: 'task_failed',
  cancelled: 'task_skipped',
};

/** Notes have a place of their own there, the session's timeline. */
async function tellNotes(
  client: MaestroClient,
  id: string,
  { sessionId, status }: SessionReport,
  message: string,
): Promise<PlainText[]> {
  const entry = { type: TIMELINE_TYPES[status], message, sessionId };
  const answer = await client.request('POST', `${taskPath(id)}/timeline`, entry);
  return answer.kind === 'ok'
    ? []
    : [words`the status is set, but the note was not saved: ${answer.problem.message}`];
}

async function readTask(client: MaestroClient, id: string): Promise<Readonly<Record<string, unknown>>> {
  const tasks = listIn(orThrow(await client.request('GET', '/api/tasks')));
  if (!tasks) throw new RewriteError(notTasks(client));
  const task = tasks.map(jsonObject).find((each) => each?.id === id);
  if (task) return task;
  throw refusal(words`${client.where} has no task ${plainName(id)}`, words`taskglass task list`);
}

async function readSession(client: MaestroClient, sessionId: string): Promise<MaestroSession | null> {
  const answer = await client.request('GET', sessionPath(sessionId));
  return answer.kind === 'ok' ? decodeMaestroSession(answer.value) : null;
}

function sessionPath(id: string): string {
  return `/api/sessions/${encodeURIComponent(id)}`;
}

function orThrow(answer: Answer): unknown {
  if (answer.kind === 'ok') return answer.value;
  throw new RewriteError(answer.problem);
}
