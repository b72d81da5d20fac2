import { type Problem, problemText } from '../model/problem.ts';

/**
 * Which kind of no it is, for programs. `verification` and `hook`: the completion was not let through or taken back,
 * and the history has what was printed.
 */
export type LedgerErrorCode =
  | 'unknown-task'
  | 'known-task' // it is registered already
  | 'definition' // it cannot be read
  | 'cycle' // dependencies that wait for each other
  | 'missing-dependency'
  | 'move' // not from this status
  | 'dependencies' // not before they are completed
  | 'verification'
  | 'hook'
  | 'commands' // they come from elsewhere, and nobody has allowed them
  | 'unknown-function' // this program has not registered it
  | 'conflict' // somebody else was faster
  | 'database';

/** What the ledger refuses, with what to do in `problem`; then nothing was changed but what the history tells. */
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
