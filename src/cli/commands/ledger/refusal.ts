import { type Problem, type ProblemKind, problem } from '../../../model/problem.ts';
import { plainName } from '../../../model/text.ts';
import { EXIT } from '../../process/exit.ts';

/** Ends a verb with one line on stderr and an exit code. */
export class Refusal extends Error {
  readonly problem: Problem;
  readonly exitCode: number;

  constructor(problem: Problem, exitCode: number = EXIT.usage) {
    super(problem.message);
    this.name = 'Refusal';
    this.problem = problem;
    this.exitCode = exitCode;
  }
}

/** Returns a refusal of what was typed or of what a file contains. `message` may contain text from outside. */
export function refusal(message: string, hint?: string, kind: ProblemKind = 'malformed'): Refusal {
  return new Refusal(problem(kind, 'down', plainName(message), hint && plainName(hint)));
}
