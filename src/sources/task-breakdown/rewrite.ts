import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { sleep } from '../../clock.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import { replaceFile, rewriteFile } from '../atomic-file.ts';
import { editJson } from '../edit-json.ts';
import { withFileLock } from '../file-lock.ts';
import { notJsonProblem } from '../file-problem.ts';
import { TORN_LIMIT_MS } from '../follow-file.ts';
import { parseJson } from '../json-text.ts';
import { readWhole } from '../read-file.ts';

/** A breakdown could not be read or written; `problem` says why. */
export class BreakdownError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.hint === undefined ? problem.message : `${problem.message} (${problem.hint})`);
    this.name = 'BreakdownError';
    this.problem = problem;
  }
}

const REREAD_MS = 10;

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
  await rewriteFile({
    path,
    clock,
    signal,
    peek: () => readBytes(path),
    read: () => readWholeDocument(path, clock, signal),
    change: (bytes) => editJson(bytes.toString(), change),
  }).catch(explain(path));
}

/** Writes a new breakdown in the original's hand, its directories too. */
export async function writeBreakdown(path: string, clock: Clock, document: unknown): Promise<void> {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  await mkdir(dirname(path), { recursive: true })
    .then(() => withFileLock(path, { clock }, () => replaceFile(path, text)))
    .catch(explain(path));
}

/** Gives what the system said the form of a `BreakdownError`. */
function explain(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof BreakdownError) throw error;
    const words = plainName(error instanceof Error ? error.message : String(error));
    throw new BreakdownError(
      problem('not-allowed', 'degraded', `${plainName(path)} cannot be written: ${words}`, 'it is as it was'),
    );
  };
}

/** The document as it is now, read again until it is whole; rejects with a `BreakdownError` after 2 s, or when aborted. */
export async function readWholeDocument(path: string, clock: Clock, signal?: AbortSignal): Promise<Buffer> {
  const giveUpAt = clock.now() + TORN_LIMIT_MS;
  for (;;) {
    const bytes = await readBytes(path);
    const parsed = parseJson(bytes.toString());
    if ('value' in parsed) return bytes;
    if (clock.now() >= giveUpAt || signal?.aborted)
      throw new BreakdownError(notJsonProblem(path, parsed.explain()));
    await sleep(clock, REREAD_MS, signal);
  }
}

async function readBytes(path: string): Promise<Buffer> {
  const found = await readWhole(path);
  if ('problem' in found) throw new BreakdownError(found.problem);
  return found.bytes;
}
