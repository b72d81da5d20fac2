import { basename } from 'node:path';
import { errorMessage, type Problem, problem } from '../model/problem.ts';
import { shellWord } from '../model/shell-word.ts';
import { plainName } from '../model/text.ts';
import { ForeignCodeError } from './foreign-code-error.ts';
import { SchemaError } from './migrate.ts';
import { resultCode, SQLITE } from './result-code.ts';

/** What went wrong with the database at `path`, for its user; null for what is no error of SQLite or of the system. */
export function databaseProblem(error: unknown, path: string): Problem | null {
  const shown = plainName(path);
  if (error instanceof SchemaError) return schemaProblem(error, shown);
  if (error instanceof ForeignCodeError) return foreignCodeProblem(error, shown);
  switch (resultCode(error)) {
    case SQLITE.busy:
    case SQLITE.locked:
      return problem(
        'no-answer',
        'down',
        `another program keeps ${shown} to itself`,
        `nothing was changed; see which: fuser ${shellWord(path)}`,
      );
    case SQLITE.readonly:
      return problem(
        'not-allowed',
        'down',
        `${shown} cannot be written: the disk or the file is read-only`,
        'nothing was changed; copy it to a place where you may write, or chmod it',
      );
    case SQLITE.io:
      return problem(
        'unreadable',
        'down',
        `the disk fails at ${shown}: ${words(error)}`,
        'see what the system says: dmesg',
      );
    case SQLITE.corrupt:
      return problem(
        'malformed',
        'down',
        `${shown} is damaged: ${words(error)}`,
        `save what can be read: sqlite3 ${shellWord(path)} .recover | sqlite3 ${shellWord(`saved-${basename(path)}`)}`,
      );
    case SQLITE.full:
      return problem('not-allowed', 'down', `the disk of ${shown} is full`, 'nothing was changed: make room');
    case SQLITE.cantOpen:
      return problem(
        'unreadable',
        'down',
        `${shown} cannot be opened: ${words(error)}`,
        'its directory has to exist, and both may have to be writable',
      );
    case SQLITE.error:
      // Somebody has dropped or altered a table in the meantime; any other mistake in a statement is ours.
      return /^no such (table|column)/u.test(words(error))
        ? schemaProblem(new SchemaError(words(error), false), shown)
        : null;
    case SQLITE.notADatabase:
      return problem(
        'malformed',
        'down',
        `${shown} is no SQLite database, or it is encrypted`,
        `see what it is: file ${shellWord(path)}`,
      );
    default:
      return isTooLarge(error)
        ? problem(
            'malformed',
            'down',
            `${shown} holds what no taskglass has written there: ${words(error)}`,
            `find and correct it: sqlite3 ${shellWord(path)} .dump`,
          )
        : null;
  }
}

function schemaProblem({ isNewer, message }: SchemaError, shown: string): Problem {
  return isNewer
    ? problem(
        'unreadable',
        'down',
        `${shown} was written by a newer taskglass: ${plainName(message)}`,
        'update taskglass: npm install -g taskglass',
      )
    : problem(
        'malformed',
        'down',
        `${shown} has not the tables that it should: ${plainName(message)}`,
        'restore the backup beside it, or name another file',
      );
}

function foreignCodeProblem({ message, remedy }: ForeignCodeError, shown: string): Problem {
  return problem(
    'not-allowed',
    'down',
    `${shown} has what taskglass did not put there, and what SQLite would run at each change: ${plainName(message)}`,
    `nothing was changed; if you do not need it: sqlite3 ${shown} ${plainName(`'${remedy}'`)}`,
  );
}

/** Numbers of 64 bits, which SQLite keeps and JavaScript cannot; it is Node that says so. */
function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && (error as { code?: unknown }).code === 'ERR_OUT_OF_RANGE';
}

function words(error: unknown): string {
  return plainName(errorMessage(error));
}
