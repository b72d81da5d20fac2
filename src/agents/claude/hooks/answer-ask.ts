import type { Clock } from '../../../clock.ts';
import { whoAsks } from '../../../io/who-asks.ts';
import type { CommandResult } from '../../../model/command.ts';
import { refused } from '../../../model/refused.ts';
import { words } from '../../../model/text.ts';
import type { Environment } from '../../../storage/home.ts';
import { answerHeld } from './answer-held.ts';
import type { HeldAsk } from './signalled-rows.ts';

/** A denial with its reason, which the agent is told. */
const REASONED = /^deny\s*[:,]\s*(\S.*)$/isu;

/**
 * Answers a held request for permission. Only the exact text of one of its choices allows anything, and only a person may do
 * that: not a program that an agent has started.
 */
export async function answerAsk(
  held: HeldAsk | undefined,
  text: string,
  { clock, env }: { readonly clock: Clock; readonly env: Environment },
): Promise<CommandResult> {
  if (!held)
    return refused(
      'not-allowed',
      'answer: the question is no longer open, or can only be answered in its own terminal',
    );
  if (env.CLAUDECODE)
    return refused(
      'not-allowed',
      'answer: only a person may grant what an agent asks for, and this command was run by an agent',
    );
  const { choices } = held.ask;
  const message = REASONED.exec(text)?.[1] ?? null;
  const choice = message === null ? choices.find((each) => each === text) : 'deny';
  if (choice === undefined)
    return refused(
      'malformed',
      'answer: that is not one of the choices',
      words`choose from 1 to ${choices.length}, or write deny: WHY`,
    );
  const outcome = await answerHeld(held.socket, { choice, message, by: whoAsks() }, clock);
  switch (outcome.kind) {
    case 'taken':
      return { kind: 'sent' };
    case 'answered':
      return refused(
        'not-allowed',
        words`answer: it was answered already: ${outcome.answer ?? words`by somebody`}`,
      );
    case 'gone':
      return refused(
        'not-allowed',
        'answer: the question is no longer open',
        'the agent has continued, or asks in its own terminal',
      );
  }
}
