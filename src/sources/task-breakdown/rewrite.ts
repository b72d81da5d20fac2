import type { Clock } from '../../clock.ts';
import { sleep } from '../../clock.ts';
import type { Problem } from '../../model/problem.ts';
import { rewriteFile } from '../atomic-file.ts';
import { editJson } from '../edit-json.ts';
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
 * and starts over if it was changed in between. What `change` throws comes out, the file untouched.
 */
export async function rewriteBreakdown(
  path: string,
  clock: Clock,
  change: (document: unknown) => void,
): Promise<void> {
  await rewriteFile(
    path,
    () => readBytes(path),
    () => readWholeDocument(path, clock),
    (bytes) => editJson(bytes.toString(), change),
  );
}

/** The document as it is now, read again until it is whole; rejects with a `BreakdownError` after 2 s. */
export async function readWholeDocument(path: string, clock: Clock): Promise<Buffer> {
  const giveUpAt = clock.now() + TORN_LIMIT_MS;
  for (;;) {
    const bytes = await readBytes(path);
    const parsed = parseJson(bytes.toString());
    if ('value' in parsed) return bytes;
    if (clock.now() >= giveUpAt) throw new BreakdownError(notJsonProblem(path, parsed.explain()));
    await sleep(clock, REREAD_MS);
  }
}

async function readBytes(path: string): Promise<Buffer> {
  const found = await readWhole(path);
  if ('problem' in found) throw new BreakdownError(found.problem);
  return found.bytes;
}
