import type { TaskId } from '../model/id.ts';
import { joined, type PlainText, words } from '../model/text.ts';
import { heldUpBy, type InboxItem, type InboxReason } from '../store/inbox.ts';
import type { TaskEntry } from '../store/state.ts';
import { elapsedText } from './duration.ts';

const REASON_WORDS: Readonly<Record<InboxReason, PlainText>> = {
  asks: words`needs input`,
  failed: words`failed`,
  review: words`for review`,
  stalled: words`silent`,
};

/** Returns why a task needs somebody, for how long, and what it holds up: `needs input for 4m · unblocks 3, ~40m`. */
export function inboxText(
  { entry, reason, since }: InboxItem,
  all: readonly TaskEntry[],
  { nowMs, usualMs }: { readonly nowMs: number; readonly usualMs?: (id: TaskId) => number | null },
): PlainText {
  const forHowLong = since === null ? words`` : words` for ${elapsedText(since, nowMs).text}`;
  const heldUp = heldUpBy(entry.task.id, all);
  const known = heldUp.map(({ id }) => usualMs?.(id) ?? null).filter((ms) => ms !== null);
  const lasting = known.reduce((sum, ms) => sum + ms, 0);
  const unblocks =
    heldUp.length === 0
      ? []
      : [
          words`unblocks ${heldUp.length}${lasting > 0 ? words`, ~${elapsedText(0, lasting).text}` : words``}`,
        ];
  return joined([words`${REASON_WORDS[reason]}${forHowLong}`, ...unblocks], ' · ');
}
