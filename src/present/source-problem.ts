import type { Problem } from '../model/problem.ts';
import { plainName, words } from '../model/text.ts';
import type { SourceRecord, State } from '../store/state.ts';

/**
 * Returns the problem of a source for a line that stands alone, as on stderr: the message begins with the source's id unless
 * it already names the source or one of its relays. Returns null if nothing is wrong.
 */
export function sourceProblem({ id, location, peers, problem }: SourceRecord): Problem | null {
  if (!problem) return null;
  const names = [id, location, ...peers.map(({ where }) => where)].map(plainName);
  if (names.some((name) => problem.message.includes(name))) return problem;
  return { ...problem, message: words`${plainName(id)}: ${problem.message}` };
}

/** Returns the problems of all sources, each as `sourceProblem` returns it. */
export function sourceProblems({ sources }: State): readonly Problem[] {
  return [...sources.values()].flatMap((source) => sourceProblem(source) ?? []);
}
