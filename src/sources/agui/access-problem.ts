import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, words } from '../../model/text.ts';

/** What to do where a server wants a token, or another one. */
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
