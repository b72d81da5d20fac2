import { readBody } from '../../io/read-body.ts';
import { jsonObject, readJson } from '../../model/json.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainNameOrNull, words } from '../../model/text.ts';
import { BODY_LIMIT_BYTES } from '../../publish/agui/request.ts';

/** What to do if a server wants a token, or a different one. */
export const TOKEN_HINT = 'attach in a terminal to be asked for it, or set TASKGLASS_TOKEN_FILE';

/** Returns why a server does not let us in; null if it does. */
export function accessProblem(status: number, where: PlainText, broughtToken: boolean): Problem | null {
  if (status === 403) return problem('refused', 'down', words`${where} refuses: 403`, TOKEN_HINT);
  if (status !== 401) return null;
  const said = broughtToken
    ? words`${where} does not accept the token that was sent`
    : words`${where} needs its token`;
  return problem('refused', 'down', said, TOKEN_HINT);
}

/** Reads why a server refuses: the `error` in its answer, or else the answer's status. */
export async function readRefusal({ body, status }: Response): Promise<PlainText> {
  const answer = await readBody(body, BODY_LIMIT_BYTES).catch(() => null);
  return plainNameOrNull(jsonObject(readJson(answer ?? ''))?.error) ?? words`${status}`;
}
