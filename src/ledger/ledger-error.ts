import { type Problem, problemText } from '../model/problem.ts';

/**
 * Why the ledger refused, for programs. For `verification` and `hook`, the completion was refused or revoked, and the history
 * contains what was printed.
 */
export type LedgerErrorCode =
  | 'unknown-task'
  | 'known-task' // it is registered already
  | 'definition' // it is malformed
  | 'cycle' // dependencies that wait for each other
  | 'missing-dependency'
  | 'move' // not allowed from this status
  | 'dependencies' // not allowed before they are completed
  | 'verification'
  | 'hook'
  | 'commands' // they come from elsewhere, and were not allowed
  | 'unknown-function' // this program has not registered it
  | 'conflict' // somebody else was faster
  | 'database';

/** Thrown if the ledger refuses something; `problem` says what to do. Nothing was changed except what the history records. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;
  readonly problem: Problem;

  constructor(code: LedgerErrorCode, problem: Problem) {
    super(problemText(problem));
    this.name = 'LedgerError';
    this.code = code;
    this.problem = problem;
  }
}
