import { type Problem, problem } from '../model/problem.ts';

/** Returns what to do if there is nothing to show. */
export function welcomeProblem(): Problem {
  return problem(
    'missing',
    'degraded',
    'no source named, and none found in this directory',
    'name one: taskglass wss://relay.example, taskglass state.json, or try: taskglass demo',
  );
}
