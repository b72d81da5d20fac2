import { nearestWords } from '../model/nearest.ts';
import { type Problem, problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import { readSourceSpec } from '../session/source-specs.ts';

/** What is said of a first word that is no source, but nearly the name of one of `commands`; null if it is neither. */
export function mistypedCommand(word: string, commands: readonly string[], cwd: string): Problem | null {
  if (!/^[a-z]{3,}$/iu.test(word) || readSourceSpec(word, cwd).kind === 'spec') return null;
  const nearest = nearestWords(word, commands);
  return nearest.length === 0
    ? null
    : problem(
        'malformed',
        'down',
        plainName(`${word}: neither a command nor a source`),
        plainName(`did you mean ${nearest.join(', ')}?`),
      );
}
