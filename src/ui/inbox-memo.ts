import { type InboxItem, inboxOf } from '../store/inbox.ts';
import { type Sections, unsettledOf } from '../store/sections.ts';

/** Time alone rarely changes the inbox; a task that falls silent may appear this late. */
const LOOKED_UP_EVERY_MS = 5_000;

/** Remembers what needs somebody: the footer asks in every frame, and there may be 100,000 tasks. */
export function createInboxMemo(
  stallAfterMs: number,
): (sections: Sections, nowMs: number) => readonly InboxItem[] {
  let known: { sections: Sections; atMs: number; items: readonly InboxItem[] } | null = null;
  return (sections, nowMs) => {
    const isFresh =
      known?.sections === sections && nowMs >= known.atMs && nowMs < known.atMs + LOOKED_UP_EVERY_MS;
    if (known && isFresh) return known.items;
    known = { sections, atMs: nowMs, items: inboxOf(unsettledOf(sections), { nowMs, stallAfterMs }) };
    return known.items;
  };
}
