import { problem } from '../../model/problem.ts';
import { RewriteError } from '../rewrite-json.ts';

/** What is not possible, with what to do instead; nothing was changed. */
export function refusal(what: string, hint?: string): RewriteError {
  return new RewriteError(problem('not-allowed', 'degraded', what, hint));
}
