import type { CommandName } from '../model/command.ts';
import { hasEnded, type TaskStatus } from '../model/task.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { commandWord } from '../present/command.ts';
import { statusWord } from '../present/count.ts';
import type { ViewController } from './view-controller.ts';

/** Returns why a command can't be sent for the selected task, or null: the same before the key is pressed and after. */
export function refusalOf(controller: ViewController, command: CommandName): PlainText | null {
  if (!controller.selected) return needsTask(controller);
  const word = commandWord(command);
  if (controller.readOnly) return words`${word}: this view is read-only (--read-only)`;
  const { task, pending } = controller.selected;
  const offer = task.offers.find((offered) => offered.command === command);
  if (!offer && isDueIn(task.state.status, command))
    return words`${word}: ${plainName(task.source)} does not support it`;
  if (!offer) return stateText(task.state.status, command);
  if (offer.refusal) return words`${word}: ${offer.refusal}`;
  return pending ? words`${word}: ${commandWord(pending.command)} was already sent` : null;
}

/** Returns `already failed: nothing to cancel`. */
function stateText(status: TaskStatus, command: CommandName): PlainText {
  const state = hasEnded(status) ? words`already ${statusWord(status)}` : words`still ${stillWord(status)}`;
  return words`${state}: nothing to ${commandWord(command)}`;
}

function stillWord(status: TaskStatus): PlainText {
  return status === 'needs-input' ? words`waiting for an answer` : statusWord(status);
}

/** Tells whether a source that supports the command would offer it now. One that does not never will. */
function isDueIn(status: TaskStatus, command: CommandName): boolean {
  if (command === 'retry') return status === 'failed' || status === 'cancelled';
  if (command === 'answer') return status === 'needs-input';
  return command === 'setStatus' || !hasEnded(status);
}

/** Returns what each key that acts on the selected task says if there is none. */
export function needsTask({ selected }: ViewController): PlainText | null {
  return selected ? null : words`no task is selected`;
}
