import { type Problem, problemText } from '../model/problem.ts';

/** Creates what tells a worker's problems if nobody asked for them: as a warning of the process, each once. */
export function createWarner(): (problem: Problem) => void {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem.message) || told.size >= 1_000) return;
    told.add(problem.message);
    process.emitWarning(problemText(problem), 'TaskglassWarning');
  };
}

/** Tells problems to `onProblem`; where it fails itself, or nobody asked, as a warning of the process. */
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
