import type { Problem } from '../model/problem.ts';

/** Reports that something cannot be opened. `problem` says what is wrong, and what to do. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}
