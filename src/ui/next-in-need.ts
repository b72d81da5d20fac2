import { words } from '../model/text.ts';
import { inboxText } from '../present/inbox.ts';
import { allEntries } from '../store/state.ts';
import type { ViewController } from './view-controller.ts';

/** Selects the next task that needs somebody, after the selected one, and says why. */
export function goToNextInNeed(controller: ViewController): void {
  const { inbox, selected, data, usualMs } = controller;
  const at = inbox.findIndex(
    ({ entry }) => entry.task.id === selected?.task.id && controller.view.selected !== null,
  );
  const next = (at + 1) % inbox.length;
  const item = inbox[next];
  if (!item) return;
  controller.select(item.entry.task.id);
  const why = inboxText(item, allEntries(data), { nowMs: controller.nowMs, usualMs });
  controller.notice(words`${next + 1} of ${inbox.length}: ${why}`);
}
