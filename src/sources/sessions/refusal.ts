import { RewriteError } from '../../io/rewrite-json.ts';
import { problem } from '../../model/problem.ts';
import type { PlainText } from '../../model/text.ts';

/** Returns what is not possible, and what to do instead; nothing was changed. */
export function refusal(what: PlainText, hint?: PlainText): RewriteError {
  return new RewriteError(problem('not-allowed', 'degraded', what, hint));
}
