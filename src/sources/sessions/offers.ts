import type { CommandOffer } from '../../model/command.ts';
import type { PlainText } from '../../model/text.ts';
import { answerOffer, cancelAndRetryOffers } from '../kit/offers.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { type Dialect, readUserStatus, type UserStatus, userMoves, userWord } from './words.ts';

/** Returns what a user may do with a task: cancel, retry, and set any status, the usual ones first. */
export function userOffers(
  draft: TaskDraft,
  dialect: Dialect,
  refusal: PlainText | null,
  { takesAnswers = false } = {},
): readonly CommandOffer[] {
  const moves = userMoves(readUserStatus(draft.userStatus ?? ''), dialect);
  // A task that its sessions have completed waits to be accepted.
  const usual = draft.review ? [...new Set<UserStatus>(['completed', ...moves.usual])] : moves.usual;
  const others = moves.others.filter((status) => !usual.includes(status));
  const asksBack = others.map((status) => userWord(status, dialect));
  return [
    ...cancelAndRetryOffers(draft.state.status, refusal),
    ...(takesAnswers ? answerOffer(draft.question, refusal) : []),
    {
      command: 'setStatus',
      refusal,
      choices: [...usual.map((status) => userWord(status, dialect)), ...asksBack],
      asksBack,
    },
  ];
}
