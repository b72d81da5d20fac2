import { type CommandName, offerOf } from '../model/command.ts';
import type { Task } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';

/** Returns why a command cannot be sent to a task now; null if it can. */
export function whyRefused(command: CommandName, task: Task): PlainText | null {
  const offer = offerOf(task, command);
  if (offer) return offer.refusal;
  if (command === 'answer') return words`the task asks nothing, or it was answered already`;
  return words`not possible while the task is ${task.state.status}`;
}
