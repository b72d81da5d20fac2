import { type Problem, problem } from '../model/problem.ts';

/** Returns what to do if there is nothing to show. */
export function welcomeProblem(): Problem {
  return problem(
    'missing',
    'degraded',
    'no source named, and none found in this directory or among your runs and agents',
    'start one: taskglass run -- CMD; name one: taskglass FILE, wss://relay.example; see what is looked for: taskglass config discover; or try: taskglass demo',
  );
}
