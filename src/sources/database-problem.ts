import { type Problem, problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import { canReadUntouched } from '../storage/read-untouched.ts';
import { systemProblem } from './file-problem.ts';

/** SQLite's result codes (https://sqlite.org/rescode.html). */
const PERMISSION = 3;
const CORRUPT = 11;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;

/** Errors that the machine or the file is to blame for; any other is a bug. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Why a database could not be read, from the system's or SQLite's error. */
export function databaseProblem(error: unknown, path: string): Problem {
  const code = (error as { errcode?: unknown }).errcode;
  if (typeof code !== 'number') return systemProblem(error, path);
  const shown = plainName(path);
  switch (code & 0xff) {
    case NOT_A_DATABASE:
      return problem(
        'malformed',
        'down',
        `${shown} is no SQLite database, or an encrypted one`,
        `what is it? file ${shown}`,
      );
    case CORRUPT:
      return problem(
        'malformed',
        'down',
        `${shown} is damaged: ${words(error)}`,
        `how badly? sqlite3 ${shown} "PRAGMA integrity_check"`,
      );
    case PERMISSION:
    case CANNOT_OPEN:
      return cannotOpen(path);
    default:
      return problem(
        'unreadable',
        'down',
        `${shown} cannot be read: ${words(error)}`,
        'it is tried again every 2 s',
      );
  }
}

/** A write that is not over: either somebody writes for long, or a writer died and left its journal behind. */
export function busyProblem(path: string): Problem {
  const shown = plainName(path);
  return problem(
    'unreadable',
    'down',
    `${shown} is in the middle of a write (its -journal is there)`,
    'it is shown when the write is over; if its writer died, starting that again mends it',
  );
}

/** The database can be read, but lacks the tables that make it a source; `lacking`: "neither … nor …". */
export function notOfKindProblem(path: string, lacking: string): Problem {
  const shown = plainName(path);
  return problem(
    'malformed',
    'down',
    `${shown} has ${lacking}`,
    `what does it hold? sqlite3 ${shown} .tables`,
  );
}

function cannotOpen(path: string): Problem {
  const shown = plainName(path);
  if (!canReadUntouched())
    return problem(
      'unreadable',
      'down',
      `${shown}: this Node (${process.version}) cannot read a database without touching it`,
      'Node 22.15 or newer can',
    );
  return problem(
    'unreadable',
    'down',
    `${shown} cannot be opened: it may not be read by this user, or its -wal has lost its -shm`,
    `ls -l ${shown}*`,
  );
}

function words(error: unknown): string {
  return plainName(error instanceof Error ? error.message : String(error));
}
