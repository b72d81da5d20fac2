import { commandText, type TaskCommand } from '../../../ledger/task-commands.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import { type Line, textLine } from '../../../present/line.ts';

/** Returns a command for people: when it runs, the command itself on one line, and where it runs. */
export function commandLine({ place, action }: TaskCommand): PlainText {
  const where = action.cwd === null ? '' : `  (in ${action.cwd})`;
  return plainName(`${place}: ${commandText(action)}${where}`);
}

/** Returns the commands of several tasks, one line each. */
export function commandLines(commands: readonly TaskCommand[]): Line[] {
  return commands.map((command) => textLine(words`  ${plainName(command.task)}: ${commandLine(command)}`));
}

/** Returns a command as `--json` prints it. */
export function commandDocument({ task, place, action }: TaskCommand) {
  return { task, place, ...action };
}
