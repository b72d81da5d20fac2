import type { CommandName } from '../model/command.ts';
import { type PlainText, words } from '../model/text.ts';
import { commandRefusal } from '../present/command.ts';
import type { ViewController } from './view-controller.ts';

/**
 * Returns why a command cannot be sent for the selected task, or null. It is the same before the key is pressed and after.
 */
export function refusalOf(controller: ViewController, command: CommandName): PlainText | null {
  const { selected, readOnly } = controller;
  return selected ? commandRefusal(selected, command, readOnly) : needsTask(controller);
}

/** Returns the message for keys that act on the selected task, if no task is selected. */
export function needsTask({ selected }: ViewController): PlainText | null {
  return selected ? null : words`no task is selected`;
}
