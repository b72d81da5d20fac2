import type { CommandName } from '../model/command.ts';
import { hasEnded, type TaskStatus } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import { commandWord } from '../present/command.ts';
import { statusWord } from '../present/count.ts';
import type { ViewController } from './view-controller.ts';

/** Returns why a command can't be sent for the selected task, or null: the same before the key is pressed and after. */
export function refusalOf(controller: ViewController, command: CommandName): PlainText | null {
  if (!controller.selected) return needsTask(controller);
  if (controller.readOnly) return words`this view is read-only (--read-only)`;
  const { task, pending } = controller.selected;
  const offer = task.offers.find((offered) => offered.command === command);
  if (!offer && isDueIn(task.state.status, command)) return words`${task.source} does not support it`;
  if (!offer) return stateText(task.state.status);
  return offer.refusal ?? (pending ? words`${commandWord(pending.command)} was already sent` : null);
}

function stateText(status: TaskStatus): PlainText {
  if (status === 'cancelled') return words`the task was already cancelled`;
  return hasEnded(status)
    ? words`the task has already ${statusWord(status)}`
    : words`the task is ${statusWord(status)}`;
}

/** Tells whether a source that supports the command would offer it now. One that does not never will. */
function isDueIn(status: TaskStatus, command: CommandName): boolean {
  if (command === 'retry') return status === 'failed' || status === 'cancelled';
  return command === 'setStatus' || !hasEnded(status);
}

/** Returns what each key that acts on the selected task says if there is none. */
export function needsTask({ selected }: ViewController): PlainText | null {
  return selected ? null : words`no task is selected`;
}
