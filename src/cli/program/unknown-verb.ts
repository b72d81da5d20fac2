import { didYouMean } from '../../model/nearest.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';

/** More verbs than this are not listed on one line. */
const LISTED_VERBS = 6;

/** Returns the problem if `word` is not one of a command's verbs, or is missing. */
export function unknownVerb(command: string, word: string | undefined, verbs: readonly string[]): Problem {
  const what = word === undefined ? 'no verb' : `${word} is not a verb`;
  return problem('malformed', 'down', plainName(`${command}: ${what}`), hint(command, word, verbs));
}

function hint(command: string, word: string | undefined, verbs: readonly string[]): PlainText {
  if (verbs.length <= LISTED_VERBS) return oneOf(verbs);
  return (word && didYouMean(word, verbs)) || words`taskglass ${plainName(command)} --help lists them`;
}

function oneOf(verbs: readonly string[]): PlainText {
  return plainName([verbs.slice(0, -1).join(', '), verbs.at(-1)].filter(Boolean).join(' or '));
}
