import { problemText } from '../../model/problem.ts';
import { type PlainText, words } from '../../model/text.ts';
import type { Outcome } from '../../notify/channel.ts';

/** Returns what became of a notification. */
export function outcomeText(outcome: Outcome): PlainText {
  return outcome.kind === 'failed' ? words`failed (${problemText(outcome.problem)})` : words`${outcome.kind}`;
}
