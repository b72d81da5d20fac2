import type { PlainText } from '../model/text.ts';
import { words } from '../model/text.ts';
import type { TaskEntry } from '../store/state.ts';
import type { ViewController } from './view-controller.ts';

/** Returns where a task can be viewed: its page, or its directory on this machine. */
export function openTarget(entry: TaskEntry | null): PlainText | null {
  return entry?.task.url ?? entry?.task.cwd ?? null;
}

/** Opens the selected task's page or directory on the desktop; without a desktop, copies its address or path. */
export function openTask({ selected, open, copy, notice }: ViewController): void {
  const target = openTarget(selected);
  if (target === null) return;
  if (open(target)) return notice(words`opening ${target}`);
  copy(target);
  notice(words`no desktop here: copied ${target}`);
}
