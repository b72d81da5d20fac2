import type { Question } from './details.ts';
import { type Problem, problem } from './problem.ts';
import { type PlainText, plainText, words } from './text.ts';

/** An answer on its way to a task that asked: the text, who gave it, and when (epoch ms). */
export interface Answer {
  readonly text: string;
  readonly by: string;
  readonly at: number;
}

/** An answer is a sentence or a choice, not a document. */
export const ANSWER_LIMIT_BYTES = 16 * 1024;

/**
 * Reads a person's answer: a choice, given by its number or its words, or else any text, without control characters.
 * Returns a problem if it is empty or too large.
 */
export function readAnswer(
  raw: string | undefined,
  question: Question | null | undefined,
): PlainText | Problem {
  const choices = question?.choices ?? [];
  if (Buffer.byteLength(raw ?? '') > ANSWER_LIMIT_BYTES)
    return problem(
      'too-large',
      'down',
      words`the answer has more than ${ANSWER_LIMIT_BYTES / 1024} KiB`,
      'put it into a file, and answer with its name',
    );
  const text = plainText(raw?.trim() ?? '');
  if (text === '') return problem('malformed', 'down', words`the answer is empty`, choicesHint(choices));
  const numbered = /^\d{1,3}$/u.test(text) ? choices[Number(text) - 1] : undefined;
  // A choice that is itself a number takes precedence over the number of a choice.
  return choices.includes(text) ? text : (numbered ?? text);
}

function choicesHint(choices: readonly PlainText[]): PlainText | undefined {
  if (choices.length === 0) return undefined;
  return words`choose from 1 to ${choices.length}, or write a text`;
}
