import { didYouMean } from '../model/nearest.ts';
import { type Problem, problem } from '../model/problem.ts';
import { type PlainText, plainName } from '../model/text.ts';
import { readSourceSpec } from '../session/source-specs.ts';

/**
 * Returns a problem for a first word that is not a source, but resembles one of `commands`, or the address of a server
 * without its scheme; null if it does neither.
 */
export function mistypedCommand(word: string, commands: readonly string[], cwd: string): Problem | null {
  const hint = hintFor(word, commands);
  if (hint === null || readSourceSpec(word, cwd).kind === 'spec') return null;
  return problem('malformed', 'down', plainName(`${word}: neither a command nor a source`), hint);
}

function hintFor(word: string, commands: readonly string[]): PlainText | null {
  if (/^(?:localhost|[\w-]+(?:\.[\w-]+)+):\d{1,5}$/u.test(word))
    return plainName(`another taskglass is http://${word}`);
  return /^[a-z]{3,}$/iu.test(word) ? didYouMean(word, commands) : null;
}
