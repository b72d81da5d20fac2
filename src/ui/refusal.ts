import type { CommandName } from '../model/command.ts';
import { hasEnded, type TaskStatus } from '../model/task.ts';
import { statusWord } from '../present/count.ts';
import type { ViewController } from './view-controller.ts';

/** Why a command can't be sent for the selected task: the same answer before the key is pressed and after. */
export function refusalOf(controller: ViewController, command: CommandName): string | null {
  if (!controller.selected) return needsTask(controller);
  if (controller.readOnly) return 'started with --read-only';
  const { task, pending } = controller.selected;
  const offer = task.offers.find((offered) => offered.command === command);
  if (!offer && isDueIn(task.state.status, command)) return `${task.source} takes none`;
  if (!offer) return `${task.source} offers none while it is ${statusWord(task.state.status)}`;
  return offer.refusal ?? (pending ? `${pending.command} is on its way` : null);
}

/** Would a source that takes the command offer it now? One that does not will not do so later either. */
function isDueIn(status: TaskStatus, command: CommandName): boolean {
  if (command === 'retry') return status === 'failed' || status === 'cancelled';
  return command === 'setStatus' || !hasEnded(status);
}

/** What every key says that acts on the selected task, where none is. */
export function needsTask({ selected }: ViewController): string | null {
  return selected ? null : 'no task is selected';
}
