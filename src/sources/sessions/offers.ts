import type { CommandOffer } from '../../model/command.ts';
import type { PlainText } from '../../model/text.ts';
import { cancelAndRetryOffers } from '../kit/offers.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { type Dialect, readUserStatus, userMoves, userWord } from './words.ts';

/** Returns what a user may do with a task: cancel, retry, and set any status, the usual ones first. */
export function userOffers(
  draft: TaskDraft,
  dialect: Dialect,
  refusal: PlainText | null,
): readonly CommandOffer[] {
  const { usual, others } = userMoves(readUserStatus(draft.userStatus ?? ''), dialect);
  const asksBack = others.map((status) => userWord(status, dialect));
  return [
    ...cancelAndRetryOffers(draft.state.status, refusal),
    {
      command: 'setStatus',
      refusal,
      choices: [...usual.map((status) => userWord(status, dialect)), ...asksBack],
      asksBack,
    },
  ];
}
