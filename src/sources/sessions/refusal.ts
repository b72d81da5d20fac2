import { RewriteError } from '../../io/rewrite-json.ts';
import { problem } from '../../model/problem.ts';

/** What is not possible, with what to do instead; nothing was changed. */
export function refusal(what: string, hint?: string): RewriteError {
  return new RewriteError(problem('not-allowed', 'degraded', what, hint));
}
