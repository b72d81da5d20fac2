import { type Problem, problemText } from '../model/problem.ts';

/** Creates the default reporter of a worker's problems: a warning of the process for each, once. */
export function createWarner(): (problem: Problem) => void {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem.message) || told.size >= 1_000) return;
    told.add(problem.message);
    process.emitWarning(problemText(problem), 'TaskglassWarning');
  };
}

/** Reports problems to `onProblem`; if that fails itself, or is missing, as a warning of the process. */
export function createProblemReporter(
  onProblem: ((problem: Problem) => void) | undefined,
): (problem: Problem) => void {
  const warn = createWarner();
  return (problem) => {
    try {
      (onProblem ?? warn)(problem);
    } catch {
      warn(problem);
    }
  };
}
