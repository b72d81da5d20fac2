import { RewriteError } from '../../io/rewrite-json.ts';
import { whoAsks } from '../../io/who-asks.ts';
import { jsonObject } from '../../model/json.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeIds } from '../kit/decode-fields.ts';
import { type MaestroClient, taskPath } from './maestro-client.ts';
import { decodeMaestroSession, type MaestroSession } from './maestro-session.ts';
import { refusal } from './refusal.ts';

/** A server passes a message to a session only on behalf of the session that has started it. */
export const NO_COORDINATOR = words`its Maestro takes messages from a coordinator only: answer in the session's own terminal`;

/**
 * Gives an answer to the session that asks `question` about a task (the one that is shown, if any is), as a message that is
 * typed there. The server is asked first whether the question is still open. Rejects with a `RewriteError` that says why the
 * answer was not given.
 */
export async function answerAtServer(
  client: MaestroClient,
  nativeId: string,
  { question, text }: { readonly question: PlainText | undefined; readonly text: string },
): Promise<void> {
  const session = question === undefined ? null : await findAsking(client, nativeId, question);
  if (!session) throw refusal(words`the question is no longer open`);
  if (session.parentId === null) throw refusal(NO_COORDINATOR);
  const sent = await client.request('POST', `/api/sessions/${encodeURIComponent(session.id)}/prompt`, {
    content: `${text}\n\n(an answer by ${whoAsks()}, through taskglass)`,
    mode: 'send',
    senderSessionId: session.parentId,
  });
  if (sent.kind === 'failed') throw new RewriteError({ ...sent.problem, severity: 'degraded' });
}

async function findAsking(
  client: MaestroClient,
  nativeId: string,
  question: PlainText,
): Promise<MaestroSession | null> {
  const found = await client.request('GET', taskPath(nativeId));
  if (found.kind === 'failed') throw new RewriteError({ ...found.problem, severity: 'degraded' });
  const task = jsonObject(found.value) ?? {};
  const listed: unknown[] = Array.isArray(task.sessionIds) ? task.sessionIds : [];
  for (const id of decodeIds([...listed, ...Object.keys(jsonObject(task.taskSessionStatuses) ?? {})])) {
    const told = await client.request('GET', `/api/sessions/${encodeURIComponent(id)}`);
    const session = told.kind === 'ok' ? decodeMaestroSession(told.value) : null;
    if (session?.question && plainNameOrNull(session.question.text) === plainName(question)) return session;
  }
  return null;
}
