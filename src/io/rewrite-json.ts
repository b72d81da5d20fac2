import type { Clock } from '../clock.ts';
import { sleep } from '../clock.ts';
import { type Problem, problem, problemText } from '../model/problem.ts';
import { plainName, words } from '../model/text.ts';
import { rewriteFile } from './atomic-file.ts';
import { editJson } from './edit-json.ts';
import type { TakeTurns } from './file-lock.ts';
import { FILE_LIMIT_BYTES, notJsonProblem } from './file-problem.ts';
import { INCOMPLETE_LIMIT_MS } from './follow-file.ts';
import { parseJson } from './json-text.ts';
import { readWhole } from './read-file.ts';
import { decodeText, encodeLike, isDecodable } from './text-encoding.ts';

/** Reports that a document could not be read, changed or written; `problem` says why. */
export class RewriteError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problemText(problem));
    this.name = 'RewriteError';
    this.problem = problem;
  }
}

interface RewriteOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Stops waiting, both for our turn and for a complete document. */
  readonly signal?: AbortSignal | undefined;
  /** The text to start from if there is no file yet; if absent, a missing file is an error. */
  readonly blank?: string;
  /** How writers of this file take turns; by default, as our own writers do. */
  readonly takeTurns?: TakeTurns;
}

const REREAD_MS = 10;
/** Stands for a file that does not exist yet. An empty file may be in the middle of a rewrite. */
const MISSING = Buffer.alloc(0);

/**
 * Changes a JSON document and keeps its formatting, taking turns with our other writers: waits until it is complete, changes
 * it, and starts over if it was changed meanwhile. Rejects with what `change` throws, leaving the file untouched, or with a
 * `RewriteError` for an error of the system.
 */
export async function rewriteJson(
  options: RewriteOptions,
  change: (document: unknown) => void,
): Promise<void> {
  await rewriteFile({
    ...options,
    peek: () => readBytes(options),
    read: () => readWholeJson(options),
    change: (bytes) => edited(bytes === MISSING ? Buffer.from(options.blank ?? '') : bytes, change),
  }).catch((error: unknown) => {
    throw isSystemError(error) ? cannotWrite(options.path, error) : error;
  });
}

/** Returns the error for a file that the system would not let us change or create. */
export function cannotWrite(path: string, error: Error): RewriteError {
  const message = words`${plainName(path)} cannot be written: ${plainName(error.message)}`;
  return new RewriteError(problem('not-allowed', 'degraded', message, 'it was left unchanged'));
}

/** Returns the changed text. Refuses to make a document that could not be read again. */
function edited(bytes: Buffer, change: (document: unknown) => void): Buffer {
  if (!isDecodable(bytes)) throw new Error('it is neither UTF-8 nor UTF-16: a change would damage it');
  try {
    const result = encodeLike(bytes, editJson(decodeText(bytes), change));
    if (result.length <= FILE_LIMIT_BYTES) return result;
  } catch (error) {
    throw error instanceof RangeError ? new Error('it is nested too deeply') : error;
  }
  throw new Error(`it would be larger than ${FILE_LIMIT_BYTES / 1024 / 1024} MiB`);
}

/** Reads the document repeatedly until it is complete; rejects with a `RewriteError` after 2 s, or when aborted. */
export async function readWholeJson(options: RewriteOptions): Promise<Buffer> {
  const { path, clock, signal } = options;
  const giveUpAt = clock.monotonic() + INCOMPLETE_LIMIT_MS;
  for (;;) {
    const bytes = await readBytes(options);
    if (bytes === MISSING) return bytes;
    const parsed = parseJson(decodeText(bytes));
    if ('value' in parsed) return bytes;
    if (clock.monotonic() >= giveUpAt || signal?.aborted)
      throw new RewriteError(notJsonProblem(path, parsed.explain()));
    await sleep(clock, REREAD_MS, signal);
  }
}

async function readBytes({ path, blank }: RewriteOptions): Promise<Buffer> {
  const found = await readWhole(path);
  if (!('problem' in found)) return found.bytes;
  if (found.isMissing && blank !== undefined) return MISSING;
  throw new RewriteError(found.problem);
}

/** Tells whether an error comes from the system or the lock, and not from `change`. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && !('problem' in error);
}
