import { type Problem, problem } from '../model/problem.ts';
import { shellWord } from '../model/shell-word.ts';
import { plainName, words } from '../model/text.ts';
import { databaseProblem } from '../storage/database-problem.ts';
import { canReadUntouched } from '../storage/read-untouched.ts';
import { resultCode, SQLITE } from '../storage/result-code.ts';
import { systemProblem } from './file-problem.ts';

/** Thrown if a database did not answer in time. */
export class SlowDatabaseError extends Error {
  override readonly name = 'SlowDatabaseError';
}

/**
 * Returns the problem for the system's or SQLite's error when a database could not be read. Any other error is a bug, and is
 * thrown again.
 */
export function readingProblem(error: unknown, path: string): Problem {
  if (resultCode(error) === SQLITE.cantOpen) return cannotOpen(path);
  if (error instanceof SlowDatabaseError) return slow(path);
  const known = databaseProblem(error, path);
  if (known) return known;
  if (!(error instanceof Error && 'code' in error)) throw error;
  return systemProblem(error, path);
}

/**
 * Returns the problem of a database that is always busy: somebody keeps writing, or a writer died and left its journal behind.
 */
export function busyProblem(path: string): Problem {
  const shown = plainName(path);
  return problem(
    'unreadable',
    'down',
    words`${shown} is being written to, perhaps all the time`,
    'it is shown once the write is over; if its writer died, start it again',
  );
}

/**
 * Returns the problem of a database that can be read, but is not of the kind it was taken for; `why` is a sentence.
 */
export function notOfKindProblem(path: string, why: string, isShown = false): Problem {
  const shown = plainName(path);
  return problem(
    'malformed',
    isShown ? 'degraded' : 'down',
    words`${shown} cannot be read as a job database: ${plainName(why)}`,
    words`see what it holds: sqlite3 ${shellWord(path)} .schema`,
  );
}

function cannotOpen(path: string): Problem {
  const shown = plainName(path);
  if (!canReadUntouched(path))
    return problem(
      'unreadable',
      'down',
      words`${shown}: this Node (${plainName(process.version)}) cannot read more than 128 MiB without touching it`,
      'Node 22.15 or newer can',
    );
  return problem(
    'unreadable',
    'down',
    words`${shown} cannot be opened: it is not readable by this user, or its -wal has lost its -shm`,
    words`ls -l ${shellWord(path)}*`,
  );
}

function slow(path: string): Problem {
  const shown = plainName(path);
  return problem(
    'no-answer',
    'down',
    words`${shown} takes too long to answer: one of its views is slow, or never ends`,
    words`see how it is made: sqlite3 ${shellWord(path)} '.schema job_runs'`,
  );
}
