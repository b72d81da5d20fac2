import { basename } from 'node:path';
import { errorMessage, type Problem, problem } from '../model/problem.ts';
import { shellWord } from '../model/shell-word.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { ForeignCodeError } from './foreign-code-error.ts';
import { SchemaError } from './migrate.ts';
import { resultCode, SQLITE } from './result-code.ts';

/**
 * Returns the problem to show for an error with the database at `path`; null if the error is neither SQLite's nor the
 * system's.
 */
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
        words`another program is blocking ${shown}`,
        words`nothing was changed; see which one: fuser ${shellWord(path)}`,
      );
    case SQLITE.readonly:
      return problem(
        'not-allowed',
        'down',
        words`${shown} cannot be written: the disk or the file is read-only`,
        'nothing was changed; copy it to a place where you may write, or chmod it',
      );
    case SQLITE.io:
      return problem(
        'unreadable',
        'down',
        words`the disk fails at ${shown}: ${said(error)}`,
        'see what the system says: dmesg',
      );
    case SQLITE.corrupt:
      return problem(
        'malformed',
        'down',
        words`${shown} is damaged: ${said(error)}`,
        words`save what can be read: sqlite3 ${shellWord(path)} .recover | sqlite3 ${shellWord(`saved-${basename(path)}`)}`,
      );
    case SQLITE.full:
      return problem(
        'not-allowed',
        'down',
        words`the disk of ${shown} is full`,
        'nothing was changed: make room',
      );
    case SQLITE.cantOpen:
      return problem(
        'unreadable',
        'down',
        words`${shown} cannot be opened: ${said(error)}`,
        'its directory must exist, and both may have to be writable',
      );
    case SQLITE.error:
      // Somebody dropped or altered a table meanwhile; any other mistake in a statement is a bug of ours.
      return /^no such (table|column)/u.test(said(error))
        ? schemaProblem(new SchemaError(said(error), false), shown)
        : null;
    case SQLITE.notADatabase:
      return problem(
        'malformed',
        'down',
        words`${shown} is not a SQLite database, or is encrypted`,
        words`see what it is: file ${shellWord(path)}`,
      );
    default:
      return isTooLarge(error)
        ? problem(
            'malformed',
            'down',
            words`${shown} holds data that taskglass did not write: ${said(error)}`,
            words`find and correct it: sqlite3 ${shellWord(path)} .dump`,
          )
        : null;
  }
}

function schemaProblem({ isNewer, message }: SchemaError, shown: PlainText): Problem {
  return isNewer
    ? problem(
        'unreadable',
        'down',
        words`${shown} was written by a newer taskglass: ${plainName(message)}`,
        'update taskglass: npm install -g taskglass',
      )
    : problem(
        'malformed',
        'down',
        words`${shown} does not have the tables that it should have: ${plainName(message)}`,
        'restore the backup beside it, or name another file',
      );
}

function foreignCodeProblem({ message, remedy }: ForeignCodeError, shown: PlainText): Problem {
  return problem(
    'not-allowed',
    'down',
    words`${shown} has code that taskglass did not put there and that SQLite would run at each change: ${plainName(message)}`,
    words`nothing was changed; if you do not need it: sqlite3 ${shown} ${plainName(`'${remedy}'`)}`,
  );
}

/** Tells whether Node threw because a 64-bit integer of SQLite is too large for a number. */
function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && (error as { code?: unknown }).code === 'ERR_OUT_OF_RANGE';
}

function said(error: unknown): PlainText {
  return plainName(errorMessage(error));
}
