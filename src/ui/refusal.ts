import type { CommandName } from '../model/command.ts';
import { hasEnded, type TaskStatus } from '../model/task.ts';
import { commandWord } from '../present/command.ts';
import { statusWord } from '../present/count.ts';
import type { ViewController } from './view-controller.ts';

/** Returns why a command can't be sent for the selected task, or null: the same before the key is pressed and after. */
export function refusalOf(controller: ViewController, command: CommandName): string | null {
  if (!controller.selected) return needsTask(controller);
  if (controller.readOnly) return 'this view is read-only (--read-only)';
  const { task, pending } = controller.selected;
  const offer = task.offers.find((offered) => offered.command === command);
  if (!offer && isDueIn(task.state.status, command)) return `${task.source} does not support it`;
  if (!offer) return stateText(task.state.status);
  return offer.refusal ?? (pending ? `${commandWord(pending.command)} was already sent` : null);
}

function stateText(status: TaskStatus): string {
  if (status === 'cancelled') return 'the task was already cancelled';
  return hasEnded(status)
    ? `the task has already ${statusWord(status)}`
    : `the task is ${statusWord(status)}`;
}

/** Tells whether a source that supports the command would offer it now. One that does not never will. */
function isDueIn(status: TaskStatus, command: CommandName): boolean {
  if (command === 'retry') return status === 'failed' || status === 'cancelled';
  return command === 'setStatus' || !hasEnded(status);
}

/** Returns what each key that acts on the selected task says if there is none. */
export function needsTask({ selected }: ViewController): string | null {
  return selected ? null : 'no task is selected';
}
