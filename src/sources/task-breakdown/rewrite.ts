import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { replaceFile } from '../../io/atomic-file.ts';
import { withFileLock } from '../../io/file-lock.ts';
import { RewriteError, readWholeJson, rewriteJson } from '../../io/rewrite-json.ts';
import { errorMessage, type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { makeDirectory } from '../../storage/make-directory.ts';

/** A breakdown could not be read or written; `problem` says why. */
export class BreakdownError extends RewriteError {
  constructor(problem: Problem) {
    super(problem);
    this.name = 'BreakdownError';
  }
}

/**
 * Changes a breakdown beside a foreign writer that truncates in place: waits until the document is whole, changes it,
 * and starts over if it was changed in between. What `change` throws comes out, the file untouched; `signal` ends
 * waiting.
 */
export async function rewriteBreakdown(
  path: string,
  clock: Clock,
  change: (document: unknown) => void,
  signal?: AbortSignal,
): Promise<void> {
  await rewriteJson({ path, clock, signal }, change).catch(explain(path));
}

/** Writes a new breakdown in the original's hand, its directories too. */
export async function writeBreakdown(path: string, clock: Clock, document: unknown): Promise<void> {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  await makeDirectory(dirname(path), 0o755)
    .then(() => withFileLock(path, { clock }, () => replaceFile(path, text)))
    .catch(explain(path));
}

/**
 * Reads the document, again and again until it is whole; rejects with a `BreakdownError` after 2 s, or when aborted.
 */
export async function readWholeDocument(path: string, clock: Clock, signal?: AbortSignal): Promise<Buffer> {
  return readWholeJson({ path, clock, signal }).catch(explain(path));
}

/** Gives what went wrong the form of a `BreakdownError`. */
function explain(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof BreakdownError) throw error;
    if (error instanceof RewriteError) throw new BreakdownError(error.problem);
    const said = plainName(errorMessage(error));
    throw new BreakdownError(
      problem(
        'not-allowed',
        'degraded',
        words`${plainName(path)} cannot be written: ${said}`,
        'it was left unchanged',
      ),
    );
  };
}
