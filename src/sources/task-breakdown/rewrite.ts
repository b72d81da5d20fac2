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
 * Changes a breakdown while another program may truncate and rewrite it in place: waits until the document is complete, changes
 * it, and starts over if it was changed in between. What `change` throws is passed on, and the file is untouched; `signal` ends
 * the wait.
 */
export async function rewriteBreakdown(
  path: string,
  clock: Clock,
  change: (document: unknown) => void,
  signal?: AbortSignal,
): Promise<void> {
  await rewriteJson({ path, clock, signal }, change).catch(explain(path));
}

/** Writes a new breakdown in the original's style, and creates its directories. */
export async function writeBreakdown(path: string, clock: Clock, document: unknown): Promise<void> {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  await makeDirectory(dirname(path), 0o755)
    .then(() => withFileLock(path, { clock }, () => replaceFile(path, text)))
    .catch(explain(path));
}

/** Reads the document repeatedly until it is complete; rejects with a `BreakdownError` after 2 s, or when aborted. */
export async function readWholeDocument(path: string, clock: Clock, signal?: AbortSignal): Promise<Buffer> {
  return readWholeJson({ path, clock, signal }).catch(explain(path));
}

/** Turns an error into a `BreakdownError`. */
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
