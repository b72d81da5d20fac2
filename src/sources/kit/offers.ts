import type { CommandOffer } from '../../model/command.ts';
import type { Question } from '../../model/details.ts';
import { hasEnded, type TaskStatus } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';

/** Returns what a task in this status offers: `cancel` until it has ended, `retry` if it did not complete. */
export function cancelAndRetryOffers(status: TaskStatus, refusal: PlainText | null): readonly CommandOffer[] {
  if (!hasEnded(status)) return [{ command: 'cancel', refusal }];
  return status === 'completed' ? [] : [{ command: 'retry', refusal }];
}

/** Returns the offer to answer, if a question is asked; its choices are the question's. */
export function answerOffer(
  question: Question | null | undefined,
  refusal: PlainText | null,
): readonly CommandOffer[] {
  if (!question) return [];
  return [{ command: 'answer', refusal: question.refusal ?? refusal, choices: question.choices }];
}
