import type { Problem } from '../model/problem.ts';

/** What was asked for cannot be opened. `problem` says in a line what is wrong, and what to do. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}
