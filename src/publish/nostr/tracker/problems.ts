import { errorMessage, type Problem, problem } from '../../../model/problem.ts';
import { shownUrl } from '../../../model/shown-url.ts';
import { plainName, words } from '../../../model/text.ts';

/** The problems that a worker's tracker may have; the work continues with each of them. */

/** Returns the problem of reports that are lost at the end: they were kept in memory only, and no relay accepted them. */
export function lostProblem(reports: number): Problem {
  const said = reports === 1 ? words`a report reached` : words`${reports} reports reached`;
  return problem(
    'unreachable',
    'degraded',
    words`${said} no relay, and this process ends`,
    'is the address right?',
  );
}

export function undeliveredProblem(relay: string, reason: string): Problem {
  return problem(
    'refused',
    'degraded',
    words`${shownUrl(relay)} rejected a report: ${plainName(reason) || 'it does not say why'}`,
    'sending it again',
  );
}

export function unsavedProblem(path: string, error: unknown): Problem {
  const said = plainName(errorMessage(error));
  return problem(
    'unreadable',
    'degraded',
    words`${plainName(path)}: ${said}`,
    'reports are kept in memory only, and lost if this process dies',
  );
}

export function unsignedProblem(error: unknown): Problem {
  const said = plainName(errorMessage(error));
  return problem('no-key', 'degraded', words`a report could not be signed: ${said}`, 'trying again');
}

export function unknownJobProblem(id: string): Problem {
  return problem('missing', 'degraded', words`job ${shortId(id)} is not tracked`, 'track its request first');
}

export function noNumberProblem(id: string, value: unknown): Problem {
  return problem(
    'malformed',
    'degraded',
    words`job ${shortId(id)}: ${plainName(String(value))} is not a progress value`,
    'pass a number from 0 to 100',
  );
}

export function unreadableRequestProblem(id: string): Problem {
  return problem('malformed', 'degraded', words`request ${shortId(id)} could not be decrypted with this key`);
}

function shortId(id: string) {
  return plainName(id.slice(0, 8));
}
